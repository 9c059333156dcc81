"""Word forms that would do something beside their text: ask for data, start a program, take the machine's time."""

from __future__ import annotations

import io
import zipfile

import pytest

from obhvat.reports.forms import all_forms
from obhvat.reports.forms.checking import BadForm, checked

_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DDE = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\cmd.exe</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


def _files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(all_forms()["press"].own)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _refusal(files: dict[str, bytes]) -> str:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    with pytest.raises(BadForm) as refused:
        checked(all_forms()["press"], out.getvalue())
    return str(refused.value)


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_field_of_a_note_is_looked_at_like_one_of_the_text(kind: str):
    files = _files()
    files[f"word/{kind}s.xml"] = (f'<w:{kind}s {_NAMES}><w:{kind} w:id="2">{_DDE}</w:{kind}></w:{kind}s>').encode()
    kinds = f'<Override PartName="/word/{kind}s.xml" ContentType="{_TYPES}.{kind}s+xml"/></Types>'
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(b"</Types>", kinds.encode())
    relation = f'<Relationship Id="rIdN" Type="{_RELATIONS}/{kind}s" Target="{kind}s.xml"/></Relationships>'
    rels = "word/_rels/document.xml.rels"
    files[rels] = files[rels].replace(b"</Relationships>", relation.encode())
    assert "DDEAUTO" in _refusal(files)


def test_a_form_that_asks_for_data_when_it_is_opened_is_refused():
    files = _files()
    query = b'<w:mailMerge><w:connectString w:val="x"/><w:query w:val="select 1"/></w:mailMerge></w:settings>'
    files["word/settings.xml"] = files["word/settings.xml"].replace(b"</w:settings>", query)
    assert "циркулярни писма" in _refusal(files)


def test_a_long_text_is_too_long_under_any_name():
    files = _files()
    more = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 40_000 + b"</w:body>"
    files["word/theme/document.png"] = files.pop("word/document.xml").replace(b"</w:body>", more)
    files["word/theme/_rels/document.png.rels"] = files.pop("word/_rels/document.xml.rels").replace(
        b'Target="', b'Target="../'
    )
    for name in ("[Content_Types].xml", "_rels/.rels"):
        files[name] = files[name].replace(b"word/document.xml", b"word/theme/document.png")
    assert "твърде дълга" in _refusal(files)
