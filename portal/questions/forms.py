"""Forms of Tanya BKD. Words are cleaned and judged by the acts."""

from __future__ import annotations

import uuid
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from portal.db import new_id
from portal.questions import words
from portal.questions.faq import Words
from portal.questions.models import Faq, Topic
from portal.web.typed import clean, clean_lines

_LONGEST = {"rows": 5, "maxlength": words.LONGEST, "dir": "auto"}


class _Numbered(FlaskForm):
    """A form that knows the id of what it makes, so that it makes it once."""

    id = HiddenField()

    @classmethod
    def fresh(cls, **values: Any) -> Self:
        """An empty form with an id of its own."""
        return cls(formdata=None, id=str(new_id()), **values)

    @property
    def made_id(self) -> uuid.UUID:
        """The id that the form carries; another one when it was tampered with."""
        try:
            return uuid.UUID(str(self.id.data))
        except ValueError:
            return new_id()


class MessageForm(_Numbered):
    """One message. `dilihat` is the number of messages that were on the screen."""

    dilihat = HiddenField()
    tulisan = TextAreaField(
        "Pesan",
        [InputRequired("Tulis pertanyaan atau pesan Anda.")],
        filters=[clean_lines],
        render_kw=_LONGEST,
    )

    @property
    def seen(self) -> int:
        """That number; nonsense has seen nothing."""
        text = str(self.dilihat.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


class FaqForm(_Numbered):
    """A question with its answer, for everybody."""

    topik = SelectField("Topik", choices=[SelectChoice(t.value, t.label) for t in Topic])
    pertanyaan = StringField(
        "Pertanyaan",
        [InputRequired("Tulis pertanyaannya.")],
        description="Seperti orang menanyakannya, tanpa nama dan NIP.",
        filters=[clean],
        render_kw={"maxlength": words.LONGEST_QUESTION, "dir": "auto"},
    )
    jawaban = TextAreaField(
        "Jawaban",
        [InputRequired("Tulis jawabannya.")],
        description="Berlaku bagi siapa saja, bukan hanya bagi satu orang.",
        filters=[clean_lines],
        render_kw=_LONGEST | {"rows": 8},
    )

    @classmethod
    def of(cls, faq: Faq) -> Self:
        return cls.fresh(topik=faq.topik.value, pertanyaan=faq.pertanyaan, jawaban=faq.jawaban)

    @property
    def words(self) -> Words:
        code = str(self.topik.data)
        topic = Topic(code) if code in list(Topic) else Topic.UMUM
        return Words(topic, self.pertanyaan.data or "", self.jawaban.data or "")
