"""Numbers, dates, counted nouns and the joints of sentences, as the language of who is looking writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date

from obhvat.language import ENGLISH, N_, _, is_english, ngettext

THIN_SPACE = "\u202f"
NO_DATA = N_("няма данни")
NO_LISTS = N_("няма списъци на децата")
MECHANISM = (
    "Механизма за съвместна работа на институциите по обхващане, включване и предотвратяване на отпадането от "
    "образователната система на деца и ученици в задължителна предучилищна и училищна възраст"
)
"""Its full name, as the decree has it, with the article (ПМС № 100/2018)."""

# Of Word, of the web and of old printers; Word's unbreakable hyphen is 0x1E.
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c\x1d\x85\u2028\u2029]")
# Soft hyphens, blanks of no width, marks of direction and of variants, byte order marks: for a class of characters.
UNSEEN = "\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
# And control characters, halves of characters.
_UNSEEN = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff{UNSEEN}]")

# singular, then the form after a number other than one („бройна форма“ for masculine things),
# with the gender that decides between един, една and едно. English forms are in the catalogue.
NOUNS: dict[str, tuple[str, str, str]] = {
    "случай": ("случай", "случая", "m"),
    "училище": ("училище", "училища", "n"),
    "институция": ("институция", "институции", "f"),
    "детска градина": ("детска градина", "детски градини", "f"),
    "ученик": ("ученик", "ученици", "m"),
    "дата": ("дата", "дати", "f"),
    "срок": ("срок", "срока", "m"),
    "дете": ("дете", "деца", "n"),
    "върнато дете": ("върнато дете", "върнати деца", "n"),
    "проверка": ("проверка", "проверки", "f"),
    "посещение": ("посещение", "посещения", "n"),
    "обход": ("обход", "обхода", "m"),
    "адрес": ("адрес", "адреса", "m"),
    "разговор": ("разговор", "разговора", "m"),
    "среща": ("среща", "срещи", "f"),
    "проучване": ("проучване", "проучвания", "n"),
    "справка": ("справка", "справки", "f"),
    "уведомяване": ("уведомяване", "уведомявания", "n"),
    "насочване": ("насочване", "насочвания", "n"),
    "отсъствие": ("отсъствие", "отсъствия", "n"),
    "екип": ("екип", "екипа", "m"),
    "акт": ("акт", "акта", "m"),
    "постановление": ("постановление", "постановления", "n"),
    "докладна": ("докладна", "докладни", "f"),
    "помощ": ("помощ", "помощи", "f"),
    "записване": ("записване", "записвания", "n"),
    "включване": ("включване", "включвания", "n"),
    "действие": ("действие", "действия", "n"),
    "ред": ("ред", "реда", "m"),
    "файл": ("файл", "файла", "m"),
    "час": ("час", "часа", "m"),
    "неизвинен час": ("неизвинен час", "неизвинени часа", "m"),
    "неизвинен ден": ("неизвинен ден", "неизвинени дни", "m"),
    "година": ("година", "години", "f"),
    "предмет": ("предмет", "предмета", "m"),
    "правило": ("правило", "правила", "n"),
    "ден": ("ден", "дни", "m"),
    "месец": ("месец", "месеца", "m"),
    "училищен месец": ("училищен месец", "училищни месеца", "m"),
    "месец на детска градина": ("месец на детска градина", "месеца на детски градини", "m"),
    "област": ("област", "области", "f"),
    "община": ("община", "общини", "f"),
    "забележка": ("забележка", "забележки", "f"),
    "таблица": ("таблица", "таблици", "f"),
    "клетка": ("клетка", "клетки", "f"),
    "вид": ("вид", "вида", "m"),
    "дума": ("дума", "думи", "f"),
    "минута": ("минута", "минути", "f"),
    "опит": ("опит", "опита", "m"),
    "резултат": ("резултат", "резултата", "m"),
    "цял ред": ("цял ред", "цели реда", "m"),
    "текст": ("текст", "текста", "m"),
    "колона": ("колона", "колони", "f"),
    "семейство": ("семейство", "семейства", "n"),
    "стъпка": ("стъпка", "стъпки", "f"),
    "работен ден": ("работен ден", "работни дни", "m"),
    "раб. ден": ("раб. ден", "раб. дни", "m"),
    "писмо": ("писмо", "писма", "n"),
    "получател": ("получател", "получателя", "m"),
    "точка": ("точка", "точки", "f"),
    "решение": ("решение", "решения", "n"),
    "предложение": ("предложение", "предложения", "n"),
    "заседание": ("заседание", "заседания", "n"),
    "добра практика": ("добра практика", "добри практики", "f"),
    "констатация": ("констатация", "констатации", "f"),
    "неизпълнена препоръка": ("неизпълнена препоръка", "неизпълнени препоръки", "f"),
    "препоръка": ("препоръка", "препоръки", "f"),
    "запис": ("запис", "записа", "m"),
    "човек": ("човек", "души", "m"),
    "седмица": ("седмица", "седмици", "f"),
    "отмяна": ("отмяна", "отмени", "f"),
    "промяна": ("промяна", "промени", "f"),
    "копие": ("копие", "копия", "n"),
    "секунда": ("секунда", "секунди", "f"),
    "показател": ("показател", "показателя", "m"),
    "стойност": ("стойност", "стойности", "f"),
}
_ONE = {"m": "един", "f": "една", "n": "едно"}
_ENDINGS = {"m": "", "f": "а", "n": "о"}


def noun(n: float, name: str) -> str:
    """The form of a noun that goes with `n`: случай, случая; проверка, проверки."""
    singular, plural, _gender = NOUNS[name]
    return ngettext(singular, plural, n)


def printable(text: str) -> str:
    """A text as it may be kept and printed: without signs that are not seen, which no Word document may hold and no
    search meets; what other programs break a line by is a line break. Tabs and line breaks stay."""
    # Nearly all texts of one line end here.
    if text.isprintable():
        return text
    return _UNSEEN.sub("", _BREAKS.sub("\n", text.replace("\x1e", "-")))


def counted(n: float, name: str) -> str:
    """„1 случай“, „14 случая“, „2 проверки“."""
    return f"{number(n)} {noun(n, name)}"


def one_word(name: str) -> str:
    """един, една or едно, by the noun's gender."""
    if is_english():
        return "one"
    return _ONE[NOUNS[name][2]]


def was(participle: str, n: float, name: str) -> str:
    """„проведен е“, „проведена е“, „проведено е“ or „проведени са“, as the noun wants it; was held, were held."""
    if is_english():
        return f"{'was' if n == 1 else 'were'} {_(participle)}"
    if n != 1:
        return f"{participle}и са"
    return f"{participle}{_ENDINGS[NOUNS[name][2]]} е"


def was_inside(participle: str, n: float, name: str) -> str:
    """The same within a sentence, where the verb stands first: „е взето“, „са взети“."""
    if is_english():
        return was(participle, n, name)
    return " ".join(reversed(was(participle, n, name).split(" ")))


def with_word(n: float) -> str:
    """„с“, or „със“ before a number that is read with „с“ at its beginning: 7, 17, 70–79, 100–199, 700–799 and so many
    thousands; „by“."""
    if is_english():
        return "by"
    first = int(abs(n))
    while first >= 1000:
        first //= 1000
    return "със" if first in (7, 17) or 70 <= first < 80 or 100 <= first < 200 or 700 <= first < 800 else "с"


def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """A number with decimal comma and thin spaces between thousands; „няма данни“ for None. In English 12,345.6.

    Four digits stay together, as Bulgarian sets them: 2893, 12 345.
    """
    if value is None:
        return _(NO_DATA)
    if is_english():
        text = f"{abs(value):,.{decimals}f}"
        return f"−{text}" if value < 0 and text.strip("0.") else text
    text = f"{abs(value):.{decimals}f}"
    whole, _point, fraction = text.partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", THIN_SPACE)
    sign = "−" if value < 0 and (int(text.replace(".", "")) != 0) else ""
    return sign + whole + (f",{fraction}" if fraction else "")


def out_of(n: float | None, whole: float | None, name: str = "") -> str:
    """„38 от 40“, „38 от 40 училища“; without a whole „38“, without a number „няма данни“."""
    if n is None or whole is None:
        return number(n)
    of = _("{n} от {whole}").format(n=number(n), whole=number(whole))
    return f"{of} {noun(whole, name)}" if name else of


def trimmed(value: float | Decimal) -> str:
    """A number with at most one decimal, without a decimal of zero: 7, 7,5."""
    return number(value, 1).removesuffix(".0" if is_english() else ",0")


def percent(part: float, whole: float, decimals: int = 0) -> str:
    """„95 %“, in English 95%; „няма данни“ when there is no whole."""
    return of_hundred(number(100 * part / whole, decimals)) if whole else _(NO_DATA)


def of_hundred(words: str) -> str:
    """A number in words with its percent sign: „95 %“, 95%."""
    return f"{words}%" if is_english() else f"{words}{THIN_SPACE}%"


def day(value: date) -> str:
    """„05.02.2024 г.“, 5 February 2024"""
    if is_english():
        return format_date(value, "d MMMM y", locale=ENGLISH)
    return f"{value:%d.%m.%Y} г."


def moment(value: datetime) -> str:
    """„05.02.2024 г. в 14:05“, 5 February 2024 at 14:05"""
    return _("{day} в {hour}").format(day=day(value), hour=f"{value:%H:%M}")


def capitalized(text: str) -> str:
    """A text as the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def within(place: str) -> str:
    """„в областта“, „в община Горун“, „във Втора гимназия“."""
    if is_english():
        return f"in {place}"
    return f"{'във' if place[:1].casefold() in 'вф' else 'в'} {place}"


def lowered(text: str) -> str:
    """A text within a sentence: „Отчет“ becomes „отчет“, „РУО“ and „VII клас“ stay."""
    return f"{text[:1].lower()}{text[1:]}" if text[1:2].islower() else text


def ended(sentence: str) -> str:
    """A sentence with one stop at its end, also after „г.“."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def listed(items: Iterable[str], last: str = N_("и"), most: int | None = None) -> str:
    """„а, б и в“; of more than `most` „а, б и още 3“."""
    every = [*items] or [""]
    if most is not None and len(every) > most:
        return _("{some} и още {n}").format(some=", ".join(every[:most]), n=number(len(every) - most))
    *head, tail = every
    return f"{', '.join(head)} {_(last)} {tail}" if head else tail


def change(now: float, before: float, name: str, since: str) -> str:
    """„с 3 случая по-малко спрямо 11 февруари“, „без промяна спрямо 11 февруари“. A difference that is not whole is
    told to the hundredth."""
    difference = round(now - before, 2)
    if not difference:
        return _("без промяна спрямо {since}").format(since=since)
    size = abs(difference)
    much = counted(int(size), name) if float(size).is_integer() else f"{number(size, 2)} {noun(size, name)}"
    if difference > 0:
        return _("{by} {much} повече спрямо {since}").format(by=with_word(size), much=much, since=since)
    return _("{by} {much} по-малко спрямо {since}").format(by=with_word(size), much=much, since=since)


def difference_words(now: float, before: float, name: str = "") -> str:
    """„с 3 случая по-малко“; without a noun, right after the number that changed, „с 3 по-малко“; „без промяна“."""
    difference = round(now - before, 2)
    if not difference:
        return _("без промяна")
    size = abs(difference)
    much = number(size, 0 if float(size).is_integer() else 2) + (f" {noun(size, name)}" if name else "")
    told = _("{by} {much} повече") if difference > 0 else _("{by} {much} по-малко")
    return told.format(by=with_word(size), much=much)


def grade_words(grade: int) -> str:
    """„VII клас“, „предучилищна група“."""
    numerals = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    if grade < 1:
        return _("предучилищна група")
    return _("{grade} клас").format(grade=grade if is_english() else numerals[grade - 1])


def size(n_bytes: int) -> str:
    """„12 KB“, „3,4 MB“."""
    if n_bytes < 1_000_000:
        return f"{number(max(1, round(n_bytes / 1000)))} KB"
    return f"{number(n_bytes / 1_000_000, 1)} MB"
