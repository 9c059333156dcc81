from obhvat.ui.widgets import html
from obhvat.ui.widgets.html import Safe, plain, table, tag


def test_text_in_a_tag_is_escaped():
    assert tag("p", "<b>x</b> & y") == "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"


def test_a_tag_in_a_tag_stays_a_tag():
    assert tag("p", tag("b", "<")) == "<p><b>&lt;</b></p>"


def test_an_attribute_cannot_be_left():
    assert tag("p", "x", title='" onclick="alert(1)') == '<p title="&quot; onclick=&quot;alert(1)">x</p>'


def test_cells_of_a_table_are_escaped():
    assert "<script>" not in table(["<script>"], [["<script>"]], total=["<script>"], caption="<script>")


def test_text_added_to_safe_html_is_no_longer_safe():
    assert not isinstance(Safe("<b>") + "<i>", Safe)
    assert html.safe(Safe("<b>") + "<i>") == "&lt;b&gt;&lt;i&gt;"


def test_markdown_in_a_label_is_text():
    assert plain("[x](javascript:alert(1)) *a* :red[b]") == (
        "\\[x\\]\\(javascript\\:alert\\(1\\)\\) \\*a\\* \\:red\\[b\\]"
    )
