"""E2: pictures and PDFs of a record, checked, made anew, and shown to those who may read it."""

from __future__ import annotations

import json
import struct
import subprocess
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pillow_heif import from_pillow, register_heif_opener
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tests import makers
from tests.encounters.cast import kimura, trail, write
from tests.encounters.test_pages import begin, typed
from tests.makers import Town
from tsunagari.base import uploads
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters.models import Attachment, Draft
from tsunagari.encounters.operations import attachments

register_heif_opener()  # to look at what was made
ClientOf = Callable[[Actor], Client]


def photo(size: tuple[int, int] = (40, 20), form: str = "JPEG", **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, form, **more)
    return out.getvalue()


def pdf(action: str = "", **more: Any) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if action:
        what = DictionaryObject(
            {NameObject("/S"): NameObject(action), NameObject("/JS"): TextStringObject("1")}
        )
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(what)
    if "file" in more:
        writer.add_attachment("a.exe", b"MZ")
    if "password" in more:
        writer.encrypt(more["password"])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of 144 million points in twenty kilobytes."""
    out = BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    return out.getvalue()


def heic(size: tuple[int, int] = (64, 64), **more: Any) -> bytes:
    """As an iPhone writes it."""
    out = BytesIO()
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, 0, size[0], size[1] // 2))
    from_pillow(picture).save(out, **more)
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A HEIC of less than a kilobyte that says it is of that size."""
    small = heic()
    place = small.index(b"ispe") + 8
    return small[:place] + struct.pack(">II", width, height) + small[place + 8 :]


def test_an_iphones_photo_is_kept_as_an_upright_jpeg_without_its_place() -> None:
    hidden = Image.Exif()
    hidden[0x0112], hidden[0x8825] = 6, {1: "N", 2: (36.0, 1.0, 2.0)}
    given = heic((640, 320), exif=hidden.tobytes(), xmp=b"<x:xmpmeta>secret</x:xmpmeta>")
    assert Image.open(BytesIO(given), formats=("HEIF",)).getexif().get_ifd(0x8825)
    kept = uploads.checked(given, "IMG_0001.HEIC")
    made = Image.open(BytesIO(kept.data))
    assert (kept.name, kept.media_type, made.format) == ("IMG_0001.jpg", "image/jpeg", "JPEG")
    assert (made.size, dict(made.getexif()), set(made.info) & {"exif", "xmp"}) == ((320, 640), {}, set())
    assert b"secret" not in kept.data
    left, right = (made.convert("RGB").getpixel((x, 320)) for x in (40, 280))
    assert left[0] > 200 > right[0]  # what was the upper half is on the right
    assert right[2] > 200 > left[2]
    assert kept.preview is not None


def test_the_decoder_of_an_iphones_photo_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside it stands nothing but pixels: what it is given, and what it gives back."""
    seen = []

    def run(command: list[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        seen.append(given["env"])
        return subprocess.CompletedProcess(command, 0, b"3 9\n" + b"0" * 3)

    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(DomainError, match="こわれて"):  # fewer pixels than it says
        uploads.checked(heic(), "a.heic")
    assert [set(one) for one in seen] == [{"PATH"}]


def test_a_photo_is_upright_smaller_and_tells_nothing_of_its_place() -> None:
    hidden = Image.Exif()
    hidden[0x0112], hidden[0x010E], hidden[0x8825] = 6, "架空公園", {1: "N"}
    kept = uploads.checked(photo((5000, 1000), exif=hidden, comment=b"secret"), "../写真.JPEG")
    made = Image.open(BytesIO(kept.data))
    assert (made.size, dict(made.getexif()), made.info.get("comment")) == ((480, 2400), {}, None)
    assert "架空公園".encode() not in kept.data
    assert (kept.name, kept.media_type) == ("写真.jpg", "image/jpeg")
    assert kept.preview is not None
    assert max(Image.open(BytesIO(kept.preview)).size) == 360


def test_what_is_see_through_stands_on_white_paper() -> None:
    out = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    kept = uploads.checked(out.getvalue(), "a.exe")
    assert (kept.name, Image.open(BytesIO(kept.data)).getpixel((0, 0))) == ("a.png", (255, 255, 255))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空です"),
        (b"\xff\xd8\xff" + b"x" * uploads.LARGEST, "10MBまで"),
        (photo((400, 400))[:500], "こわれて"),
        (b"\x89PNG\r\n\x1a\n" + zlib.compress(b"x"), "こわれて"),
        (bomb(), "画素が多すぎ"),
        (b"<html><script>", "写真（JPEG・PNG・HEIC）かPDF"),
        (b"\0\0\0\x18ftypheic" + b"0" * 99, "こわれて"),
        (heic()[:-9], "こわれて"),
        (claiming(12_000, 12_000), "画素が多すぎ"),
        (claiming(2**31, 2**31), "こわれて"),
        (b"%PDF-1.7\nnothing", "こわれて"),
        (pdf(password="x"), "パスワード"),
        (pdf("/JavaScript"), "動くしかけ"),
        (pdf("/Launch"), "動くしかけ"),
        (pdf(file=True), "動くしかけ"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(DomainError, match=said):
        uploads.checked(data, "a.pdf")


def test_a_plain_pdf_is_kept_as_it_is() -> None:
    kept = uploads.checked(pdf(), "お知らせ.pdf")
    assert (kept.pages, kept.name, kept.data) == (1, "お知らせ.pdf", pdf())
    assert len(PdfReader(BytesIO(kept.data)).pages) == 1


def upload(name: str = "紙.jpg", **more: Any) -> uploads.Upload:
    return uploads.checked(photo(**more), name)


def test_ten_a_record_the_same_once_and_nobody_elses(in_town: Town) -> None:
    record = write(in_town.counselor, kimura(in_town.counselor))
    for width in range(1, 11):
        attachments.add(record, upload(size=(width, 1)), actor=in_town.counselor)
    again = attachments.add(record, upload(size=(1, 1)), actor=in_town.counselor)
    assert again.pk == Attachment.objects.earliest("pk").pk
    with pytest.raises(DomainError, match="10個まで"):
        attachments.add(record, upload(size=(11, 1)), actor=in_town.counselor)
    with pytest.raises(Forbidden):
        attachments.add(record, upload(size=(11, 1)), actor=in_town.stranger)


def test_taken_off_it_is_out_of_sight_and_the_trail_says_so(in_town: Town) -> None:
    record = write(in_town.counselor, kimura(in_town.counselor))
    one = attachments.add(record, upload(), actor=in_town.counselor)
    for _ in range(2):
        attachments.remove(one, actor=in_town.colleague)
    assert not Attachment.objects.visible_to(in_town.counselor).exists()
    said = [json.loads(entry.detail) for entry in trail("record.attach")]
    assert said == [{"added": one.pk, "type": "image/jpeg"}, {"removed": one.pk, "type": "image/jpeg"}]


def sent(client: Client, url: str, data: bytes, name: str = "a.jpg", **more: Any) -> Any:
    return client.post(url, more | {"files": SimpleUploadedFile(name, data)})


@pytest.mark.django_db(transaction=True)
def test_a_photo_added_while_writing_keeps_the_text_and_goes_with_the_record(
    town: Town, client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    url = begin(client, None)
    words = typed(town, None, draft_version="1", client_id="tab")
    assert sent(client, f"{url}attachments/", photo(), **words).status_code == 303
    assert sent(client, f"{url}attachments/", b"no", **words).status_code == 303
    page = client.get(url).content.decode()
    assert "2語文がまだ出ない。" in page
    assert "「a.jpg」：写真（JPEG・PNG・HEIC）かPDFをえらんでください。" in page
    saved = client.post(url, words | {"draft_version": "2", "key": key(town)}, follow=True)
    assert "a.jpg" in saved.content.decode()


def key(town: Town) -> str:
    with makers.scope(town):
        return str(Draft.objects.get().key)


def test_bytes_go_out_shut_in_and_to_readers_alone(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        record = write(town.counselor, None, sight="manager")
        one = attachments.add(record, upload(), actor=town.counselor)
        doc = attachments.add(record, uploads.checked(pdf(), "b.pdf"), actor=town.counselor)
    answer = client_of(town.counselor).get(f"/attachments/{one.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store, private")
    assert (
        client_of(town.counselor)
        .get(f"/attachments/{doc.pk}/")["Content-Disposition"]
        .startswith("attachment")
    )
    for actor in (town.colleague, town.stranger, town.officer):
        for path in ("", "preview/", "remove/"):
            assert client_of(actor).get(f"/attachments/{one.pk}/{path}").status_code in (403, 404)


def test_a_file_is_taken_off_from_its_page(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        record = write(town.counselor)
        one = attachments.add(record, upload(), actor=town.counselor)
    client = client_of(town.counselor)
    assert "紙.jpg" in client.get(f"/attachments/{one.pk}/remove/").content.decode()
    client.post(f"/attachments/{one.pk}/remove/")
    assert client.get(f"/attachments/{one.pk}/").status_code == 404
    assert sent(client, f"/records/{record.pk}/attachments/", photo((3, 3))).status_code == 303
    assert "a.jpg" in client.get(f"/records/{record.pk}/").content.decode()
