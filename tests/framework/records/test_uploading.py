import io
import zipfile

import pytest
from PIL import Image
from pypdf import PdfReader

from framework.definitions.rules import Refused
from framework.records import filing
from framework.records.file_kinds import FileKind, accepts, said_first
from framework.records.uploading import take_file
from framework.web.downloads import send_download
from tests.framework.records import files

EVERY = tuple(FileKind)


def take(name, content, kinds=EVERY):
    return take_file(name, content, field="file", kinds=kinds)


def refusal(name, content, kinds=EVERY):
    with pytest.raises(Refused) as caught:
        take(name, content, kinds)
    assert [one.field for one in caught.value.refusals] == ["file"]
    return str(caught.value)


HONEST = {
    "a.pdf": files.pdf(),
    "a.PNG": files.picture(),
    "a.jpeg": files.picture("JPEG"),
    "a.docx": files.word(),
    "a.xlsx": files.workbook(),
    "a.csv": "name,£\n".encode("cp1252"),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_taken_and_still_opens(name):
    taken = take(name, HONEST[name])
    assert taken.kind.ending in name.lower().replace("jpeg", "jpg")
    assert take(f"again.{taken.kind.ending}", taken.content).kind == taken.kind


@pytest.mark.parametrize("name", HONEST)
def test_a_file_under_the_name_of_another_kind_is_refused_with_what_it_is(name):
    for ending in ("pdf", "png", "csv", "docx"):
        if name.lower().endswith(ending) or (ending == "docx" and name == "a.xlsx"):
            continue
        assert "but it is" in refusal(f"a.{ending}", HONEST[name])


def test_a_sheet_is_no_letter_though_both_are_containers():
    assert "damaged" in refusal("a.docx", HONEST["a.xlsx"])


def test_nothing_of_the_maker_is_left():
    def texts(content):
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            return b"".join(box.read(name) for name in box.namelist())

    maker = files.MAKER.encode()
    assert maker in HONEST["a.pdf"]
    found = PdfReader(io.BytesIO(take("a.pdf", HONEST["a.pdf"]).content))
    assert files.MAKER not in str(found.metadata)
    assert found.xmp_metadata is None
    assert maker not in take("a.pdf", HONEST["a.pdf"]).content
    assert maker in texts(HONEST["a.docx"])
    assert maker not in texts(take("a.docx", HONEST["a.docx"]).content)
    assert b"openpyxl" not in texts(take("a.xlsx", HONEST["a.xlsx"]).content)


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg")])
def test_a_picture_does_not_say_where_it_was_taken(kind, name):
    placed = files.placed_picture(kind)
    assert Image.open(io.BytesIO(placed)).getexif().get_ifd(0x8825)
    kept = Image.open(io.BytesIO(take(name, placed).content))
    assert not kept.getexif()
    assert not kept.getexif().get_ifd(0x8825)
    assert kept.size == (40, 30)
    assert files.MAKER.encode() not in take(name, placed).content


def test_a_picture_stands_upright_once_the_note_of_which_way_is_up_is_gone():
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = Image.open(io.BytesIO(take("a.jpg", files.picture("JPEG", exif=exif)).content))
    assert kept.size == (30, 40)


OUTSIDE = b'<Relationships><Relationship Id="a" Type="x/{}" Target="http://example.org" TargetMode="External"/></Relationships>'
AWKWARD = {
    "empty": ("a.pdf", b"", "not empty"),
    "too big": ("a.pdf", b"%PDF-1.7" + b"x" * 10 * 1024 * 1024, "10 MB or smaller"),
    "another kind": ("a.exe", b"MZ", "another kind"),
    "no ending": ("certificate", files.pdf(), "another kind"),
    "two endings": ("a.pdf.exe", files.pdf(), "another kind"),
    "locked": (
        "a.pdf",
        files.pdf(lambda writer: writer.encrypt("secret", algorithm="RC4-128")),
        "password",
    ),
    "a script": ("a.pdf", files.pdf(files.scripted), "holds a program"),
    "a launch": ("a.pdf", files.pdf(files.launching), "holds a program"),
    "a file inside": (
        "a.pdf",
        files.pdf(lambda writer: writer.add_attachment("a.txt", b"x")),
        "another file inside",
    ),
    "half a PDF": ("a.pdf", files.pdf()[:-30], "not whole"),
    "a PDF of nothing": ("a.pdf", b"%PDF-1.7\n%%EOF\n", "not whole"),
    "a page of the web first": ("a.pdf", b"<html><script>1</script>" + files.pdf(), "a web page or XML"),
    "half a picture": ("a.png", files.picture()[:60], "damaged"),
    "a picture of thousands of millions of points": ("a.png", files.huge_png(), "24 million points"),
    "a vector picture": ("a.png", b"<svg onload='alert(1)'/>", "a web page or XML"),
    "macros": ("a.docx", files.word({"word/vbaProject.bin": b"x"}), "holds macros"),
    "a container of another": ("a.docx", files.word({"word/embeddings/a.docx": b"PK"}), "put inside it"),
    "a template from elsewhere": (
        "a.docx",
        files.word({"word/_rels/settings.xml.rels": OUTSIDE.replace(b"{}", b"attachedTemplate")}),
        "fetches something from elsewhere",
    ),
    "a bomb": ("a.xlsx", files.zip_bomb(100), "unpacks to far more"),
    "no letter": ("a.docx", files.packed({"a.txt": b"x"}), "damaged"),
    "text with NUL": ("a.csv", b"a,\x00", "something unknown"),
}


@pytest.mark.parametrize("what", AWKWARD)
def test_an_awkward_file_is_answered_in_words(what):
    name, content, words = AWKWARD[what]
    assert words in refusal(name, content)


def test_a_letter_may_link_to_a_page():
    linked = files.word({"word/_rels/document.xml.rels": OUTSIDE.replace(b"{}", b"hyperlink")})
    assert take("a.docx", linked).kind == FileKind.DOCX


def test_what_stands_behind_a_files_end_is_not_kept():
    secret = files.packed({"evil.txt": b"hidden text"})
    with zipfile.ZipFile(whole := io.BytesIO(files.word()), "a") as box:
        box.comment = b"evil.txt"
    assert b"evil.txt" not in take("a.docx", whole.getvalue()).content
    tailed = files.picture() + secret
    assert b"evil.txt" not in take("a.png", tailed).content
    commented = files.pdf() + b"evil.txt"
    assert b"evil.txt" not in take("a.pdf", commented).content


def test_only_the_kinds_asked_for_are_taken():
    assert "PDF or PNG, up to 10 MB" in refusal("a.csv", b"a,b", (FileKind.PDF, FileKind.PNG))
    assert said_first() == "PDF, PNG, JPEG or Word, up to 10 MB"
    assert accepts((FileKind.JPEG,)) == ".jpg,.jpeg"


def test_a_download_is_saved_and_never_shown(app):
    document = filing.StoredDocument(
        file_name='x".html\r\nX: y', media_type="text/html", content=b"<script>", reference="x"
    )
    answer = send_download(document)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "\r" not in answer.headers["Content-Disposition"]
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
