"""What a PDF does beyond showing pages: scripts, actions, attachments, forms."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Dictionary, Name, Object

from portal.errors import Rejected

_ROOT_KEPT = {"/Type", "/Pages", "/OCProperties", "/Lang"}
_PAGE_KEPT = {
    "/Type",
    "/Parent",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/UserUnit",
    "/Resources",
    "/Contents",
    "/Group",
}
_REMOVED = {
    "/A",
    "/AA",
    "/AF",
    "/EF",
    "/EmbeddedFiles",
    "/JS",
    "/JavaScript",
    "/Metadata",
    "/OPI",
    "/OpenAction",
    "/PieceInfo",
    "/Ref",
    "/URI",
    "/XFA",
}
"""Removed wherever they stand, also below resources, where nobody should look for them."""
_BORROWED = {"/F", "/FDecodeParms", "/FFilter"}
"""Of a stream: its content lies in another file (ISO 32000-1, 7.3.8.2)."""
_OUTSIDE = "rujukan ke berkas di luar"
_BY_ITSELF = "tindakan otomatis"
_ACTIONS = {
    "/GoToE": _BY_ITSELF,
    "/GoToR": _OUTSIDE,
    "/ImportData": _BY_ITSELF,
    "/JavaScript": "skrip",
    "/Launch": "perintah menjalankan program",
    "/Movie": "media",
    "/Rendition": "media",
    "/RichMediaExecute": "media",
    "/Sound": "media",
    "/SubmitForm": _BY_ITSELF,
    "/Thread": _OUTSIDE,
}
_PLAIN = {"/GoTo", "/Named"}
"""What a page may do without being asked: show another place of the same file. A link that
somebody has to follow may lead to an address on the web, as those to a verification do."""
_KEYS = {
    "/EF": "lampiran",
    "/EmbeddedFiles": "lampiran",
    "/JS": "skrip",
    "/JavaScript": "skrip",
    "/RichMediaContent": "media",
    "/XFA": "formulir berskrip",
}


def strip(pdf: pikepdf.Pdf) -> None:
    """Keep pages and what they show. Notes, stamps and form entries become part of the page."""
    if Name.AcroForm in pdf.Root:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        _keep_only(page.obj, _PAGE_KEPT)
    _keep_only(pdf.Root, _ROOT_KEPT)
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    for dictionary in dictionaries(pdf):
        borrowed = _BORROWED if _is_borrowed(dictionary) else set()
        for key in (_REMOVED | borrowed) & set(dictionary.keys()):
            del dictionary[key]


def refuse(pdf: pikepdf.Pdf) -> None:
    """Raises Rejected when a signed PDF, which must stay as it is, carries active content."""
    if found := sorted({word for d in dictionaries(pdf) for word in _active_words(d)}):
        raise Rejected(
            f"PDF bertanda tangan digital ini memuat {', '.join(found)}, sehingga tidak aman "
            "disimpan. Minta penerbit mengirim PDF tanpa itu, atau foto cetakannya."
        )


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Object]:
    """Every dictionary of the file, those of streams and nested ones included."""
    for indirect in pdf.objects:
        waiting = [indirect]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, pikepdf.Stream):
                thing = thing.stream_dict
            if isinstance(thing, Dictionary):
                yield thing
                children = [thing.get(key) for key in thing.keys()]  # noqa: SIM118  no dict
            elif isinstance(thing, pikepdf.Array):
                children = list(thing)
            else:
                continue
            waiting += [c for c in children if isinstance(c, Object) and not c.is_indirect]


def _active_words(dictionary: Object) -> Iterator[str]:
    action = dictionary.get("/S")
    if isinstance(action, Name) and str(action) in _ACTIONS:
        yield _ACTIONS[str(action)]
    for key in _KEYS.keys() & set(dictionary.keys()):
        yield _KEYS[key]
    if _is_borrowed(dictionary):
        yield _OUTSIDE
    if not all(map(_is_plain, _started(dictionary))):
        yield _BY_ITSELF


def _is_borrowed(dictionary: Object) -> bool:
    """Whether this is a stream whose content lies elsewhere; in other dictionaries /F says other
    things."""
    return "/Length" in dictionary and "/F" in dictionary


def _started(dictionary: Object) -> Iterator[Object]:
    """Actions that nobody asks for: when the file is opened, a page shown, a field left."""
    if "/OpenAction" in dictionary:
        yield dictionary["/OpenAction"]
    triggers = dictionary.get("/AA")
    if isinstance(triggers, Dictionary):
        yield from (triggers[key] for key in triggers.keys())  # noqa: SIM118  no dict


def _is_plain(action: Object) -> bool:
    """A place to show; an action that has a next one is none."""
    if not isinstance(action, Dictionary):
        return True
    return str(action.get("/S")) in _PLAIN and "/Next" not in action


def _keep_only(dictionary: Object, kept: set[str]) -> None:
    for key in set(dictionary.keys()) - kept:
        del dictionary[key]
