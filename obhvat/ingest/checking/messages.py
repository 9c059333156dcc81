"""Why a row was not accepted: one Bulgarian sentence a rule, with what to do."""

from __future__ import annotations

from obhvat.datasets import Dataset
from obhvat.ingest.checking.used_words import latin_letters
from obhvat.periods import MONTH_NAMES
from obhvat.texts import grade_words, listed

# The rules by name, as `check --json` prints them.
RULES: dict[str, str] = {
    "columns": "Редът има {value} полета вместо {limit}. Проверете дали в текст няма разделител или липсващо поле.",
    "quotation": "Кавичка в реда не се затваря и полетата му не се познават. Добавете или махнете кавичката.",
    "required": "„{caption}“ е празно. Попълнете го.",
    "type": "„{value}“ в „{caption}“ не е {what}. Поправете стойността.",
    "enumeration": "„{value}“ в „{caption}“ не е сред допустимите: {what}.",
    "likely": "„{value}“ в „{caption}“ прилича на {limit}. Впишете го така или потвърдете, че това значи.",
    "range": "„{value}“ в „{caption}“ е извън допустимото ({limit}). Проверете числото.",
    "negative": "„{value}“ в „{caption}“ е отрицателно. Отсъствията се броят от нула нагоре.",
    "halves": "„{value}“ в „{caption}“ не е цяло или половин число. Закъснението е 0,5; други части няма.",
    "error_cell": "В „{caption}“ стои грешка на Excel ({value}). Поправете формулата или впишете стойността.",
    "formula": "В „{caption}“ има формула, която не е пресметната. Отворете файла в Excel, запишете го и го върнете.",
    "became_date": (
        "„{value}“ в „{caption}“ е дата или дробно число: вероятно Excel е променил номера. Впишете го като текст, "
        "с апостроф отпред."
    ),
    "day_month": (
        "В колоната „{caption}“ има и ден/месец, и месец/ден; какво е „{value}“, не се знае. Напишете датите като "
        "ДД.ММ.ГГГГ."
    ),
    "floor": "„{value}“ в „{caption}“ е преди {limit}. Проверете годината.",
    "share": "„{value}“ в „{caption}“: дял или процент? Напишете „{limit} %“, ако е дял, или „{value} %“.",
    "share_of": "„{value}“ в „{caption}“ не излиза от отсъствията и часовете: те дават {limit} %. Поправете числата.",
    "identifier": "В „{caption}“ има число, което прилича на ЕГН. Махнете го: тук лични данни не се приемат.",
    "key": "Редът повтаря ред {value} със същия ключ ({limit}). Оставете само верния.",
    "school": "Институция с код „{value}“ няма в регистъра. Проверете кода или качете новия регистър.",
    "unclear": "Не е ясно коя институция е „{value}“. Изберете я на страница „Качване“ или впишете кода ѝ.",
    "points": "Средният резултат „{value}“ е над възможните {limit} точки. Проверете числото и от колко е изпитът.",
    "mark": "Успехът „{value}“ не е {limit}. Проверете числото.",
    "municipality": "Община „{value}“ няма в регистъра на областта. В него са: {limit}.",
    "case": "Случай „{value}“{what} няма в регистъра на случаите. Проверете номера; ако е верен, редът чака случая.",
    "school_year": "„{value}“ в „{caption}“ е извън учебната година. Проверете датата.",
    "future": "„{value}“ в „{caption}“ е в бъдещето. Проверете годината.",
    "not_after": "„{value}“ в „{caption}“ е след {limit}. Една от двете дати е грешна.",
    "month_limit": "Отсъствията са общо {value}, а месецът позволява най-много {limit}. Проверете дали не са удвоени.",
    "grade": "Випуск „{value}“ не се учи в това училище ({limit}). Проверете випуска или кода на училището.",
    "one_school": "Редът е за институция „{value}“, а файлът е за {limit}. Изпратете я в отделен файл.",
    "one_month": "Редът е за {value}, а файлът е за {limit}. Изпратете месеца в отделен файл.",
}

# The same rules for the help page: their name, and when a row is handed back.
RULE_WORDS: dict[str, tuple[str, str]] = {
    "columns": ("Брой полета", "Редът има повече или по-малко полета от другите."),
    "quotation": ("Кавички", "Отворена кавичка не се затваря; следващите редове се четат."),
    "required": ("Задължително поле", "Поле, без което редът не значи нищо, е празно."),
    "type": ("Вид на стойността", "Очаква се число, дата, месец, код или „да/не“, а е написано друго."),
    "enumeration": ("Допустими думи", "Думата не е сред изброените в образеца."),
    "likely": ("Дума, която прилича на допустима", "Пита се дали е тя; отговорът се помни."),
    "range": ("Граници", "Числото е извън възможното: успех под 2 или над 6, випуск над XII."),
    "negative": ("Отрицателно", "Отсъствията не могат да са под нула."),
    "halves": ("Половинки", "Отсъствията са цели или с половин час за закъснение; други части няма."),
    "error_cell": ("Грешка на Excel", "В клетката стои грешка, например #N/A или #REF!."),
    "formula": ("Непресметната формула", "Формулата е записана от програма, която не я е пресметнала."),
    "became_date": ("Номер, станал дата", "Excel е превърнал номера в дата или дробно число."),
    "day_month": ("Ден или месец", "В колоната има дати ден/месец и дати месец/ден."),
    "floor": ("Твърде стара дата", "Датата е преди учебните години, за които се водят данни."),
    "share": ("Дял или процент", "Число между 0 и 1 без знака %, където се очаква процент."),
    "share_of": ("Процент и брой", "Процентът не отговаря на броя и общия брой в същия ред."),
    "identifier": ("ЕГН не на мястото си", "В текст има число, което прилича на ЕГН."),
    "key": ("Повторен ред", "За същото дете, месец и паралелка вече има ред в същия файл."),
    "school": ("Непозната институция", "Кода го няма в регистъра."),
    "unclear": ("Неясна институция", "Няма код, а името и мястото не стигат да се познае коя е."),
    "points": ("Точки", "Средният резултат е над максималния брой точки на изпита."),
    "mark": ("Успех", "Оценките са от 2,00 до 6,00."),
    "municipality": ("Непозната община", "Общината я няма в регистъра на областта."),
    "case": ("Непознат случай", "Номера го няма в регистъра на случаите."),
    "school_year": ("Учебна година", "Датата е извън учебната година на реда."),
    "future": ("Бъдеща дата", "Нещо, което вече е станало, има дата в бъдещето."),
    "not_after": ("Ред на датите", "Краят е преди началото."),
    "month_limit": ("Повече от месеца", "Отсъствията са повече от часовете или дните, които месецът може да има."),
    "grade": ("Випуск и училище", "Такъв випуск не се учи в този вид училище."),
    "one_school": ("Едно училище", "Файлът по правило е за едно училище, а редът е за друго."),
    "one_month": ("Един месец", "Файлът по правило е за един месец, а редът е за друг."),
}

_TYPE_WORDS = {
    "school": "код по НЕИСПУО (6 или 7 цифри)",
    "school_code": "код по НЕИСПУО (6 или 7 цифри)",
    "pupil": "идентификатор (ЕГН, ЛНЧ, ЛОН или местен номер)",
    "integer": "цяло число",
    "decimal": "число",
    "mean": "число",
    "halves": "число",
    "date": "дата (ДД.ММ.ГГГГ)",
    "month": "месец (10.2023 или октомври 2023)",
    "school_year": "учебна година (2023/2024)",
    "grade": "випуск (1–12 или предучилищна група)",
    "boolean": "„да“ или „не“",
    "ekatte": "код по ЕКАТТЕ (5 цифри)",
}


def sentence(dataset: Dataset, rule: str, field: str, value: str | None, limit: str | None) -> str:
    """The reason a row was not accepted. `value` is masked already; `limit` is what the rule compared with."""
    declared = dataset[field] if field in dataset else None  # noqa: SIM401 - a Dataset is no mapping
    caption = declared.caption if declared else field
    what = ""
    if declared and rule == "enumeration":
        what = listed((f"„{v.caption}“" for v in declared.values), last="или")
    elif declared:
        what = _TYPE_WORDS.get(declared.type, "допустима стойност")
    if rule == "case":
        what = latin_letters(value or "")
    limit = limit or ""
    if rule == "key":
        limit = ", ".join(dataset[name].caption for name in dataset.key)
    if rule == "one_month":
        value, limit = month_words(value), month_words(limit)
    if rule == "grade":
        low, _, high = limit.partition("..")
        limit = " – ".join(dict.fromkeys(grade_words(int(g)) for g in (low, high) if g))
    return RULES[rule].format(caption=caption, value=value or "", limit=limit, what=what)


def month_words(iso: str | None) -> str:
    """2023-10-01 as „октомври 2023“."""
    if not iso or len(iso) < 7:
        return iso or ""
    return f"{MONTH_NAMES[int(iso[5:7])]} {iso[:4]}"
