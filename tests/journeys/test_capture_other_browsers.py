"""What Safari and older browsers lack or do otherwise, taken away from the browser of the tests."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys import capture, story
from tests.journeys.test_capture_line import PARTS
from tests.support.live import LivePortal

WITHOUT_FROM_IMAGE = """
  const decode = createImageBitmap;
  window.createImageBitmap = async (source, options) => {
    if (options?.imageOrientation === "from-image") throw new TypeError("no such value");
    return decode(source, options);
  };
"""
"""Safari 15, Chrome before 112: there the value was called otherwise."""
WITHOUT_REQUEST_SUBMIT = "delete HTMLFormElement.prototype.requestSubmit"
"""Safari before 16."""
WITHOUT_BACKGROUND = """
  Object.defineProperty(ServiceWorkerRegistration.prototype, "sync", {value: undefined});
  const timer = setTimeout;
  window.rests = 0;
  window.setTimeout = (act, wait, ...more) => wait < 1000 ? timer(act, wait, ...more) : ++rests;
"""
"""An iPhone: no Background Sync, and what should happen later does not, in an app that rests."""


def test_a_photo_is_made_small_where_from_image_is_unknown(live: LivePortal, phone: Page) -> None:
    phone.add_init_script(WITHOUT_FROM_IMAGE)
    capture.ready(phone, live)

    capture.photograph(phone, story.large_photo())

    expect(phone.locator("#kertas li canvas")).to_have_count(1)


def test_keluar_and_masuk_work_without_request_submit(live: LivePortal, phone: Page) -> None:
    phone.add_init_script(WITHOUT_REQUEST_SUBMIT)
    capture.ready(phone, live)
    live.open(phone, "/profil")

    phone.get_by_role("button", name="Keluar").locator("visible=true").first.click()
    phone.get_by_role("button", name="Hapus draf, lalu keluar").click()
    expect(phone.get_by_role("button", name="Masuk", exact=True)).to_be_visible()
    live.login(phone, live.cast.sari)

    expect(phone.get_by_role("heading", name="Langkah terbaik Anda").first).to_be_attached()


def test_whoever_comes_back_from_another_app_need_not_wait(live: LivePortal, phone: Page) -> None:
    phone.add_init_script(WITHOUT_BACKGROUND)
    capture.ready(phone, live)
    phone.context.route(PARTS, lambda route: route.abort("connectionreset"))
    capture.fill(phone)
    phone.wait_for_function("rests > 0")
    before = phone.evaluate("rests")
    capture.hand_in(phone)
    phone.wait_for_function("before => rests > before", arg=before)

    phone.context.unroute(PARTS)
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")

    capture.handed_in(live, capture.receipt(phone))


def test_a_page_that_is_being_left_begins_nothing(live: LivePortal, phone: Page) -> None:
    """Safari keeps a store closed for everybody whose reading began while a page went."""
    capture.ready(phone, live)

    rung = phone.evaluate(
        """() => {
          let rung = 0;
          BroadcastChannel.prototype.postMessage = () => { rung += 1; };
          Object.defineProperty(document, "hidden", {value: true});
          document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
          return rung;
        }"""
    )

    assert rung == 0
