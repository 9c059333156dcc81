"""Why a row was not accepted: one Bulgarian sentence a rule, with what to do."""

from __future__ import annotations

import re

from obhvat.datasets import Dataset
from obhvat.ingest.checking.used_words import latin_letters
from obhvat.language import N_, _, is_english
from obhvat.periods import month_name
from obhvat.texts import grade_words, listed

# The rules by name, as `check --json` prints them.
RULES: dict[str, str] = {
    "columns": N_("Редът има {value} полета вместо {limit}. Проверете дали в текст няма разделител или липсващо поле."),
    "quotation": N_("Кавичка в реда не се затваря и полетата му не се познават. Добавете или премахнете кавичката."),
    "required": N_("„{caption}“ е празно. Попълнете го."),
    "type": N_("„{value}“ в „{caption}“ не е {what}. Поправете стойността."),
    "enumeration": N_("„{value}“ в „{caption}“ не е сред допустимите: {what}."),
    "likely": N_("„{value}“ в „{caption}“ прилича на {limit}. Впишете го така или потвърдете, че това значи."),
    "range": N_("„{value}“ в „{caption}“ е извън допустимото ({limit}). Проверете числото."),
    "negative": N_("„{value}“ в „{caption}“ е отрицателно. Отсъствията се броят от нула нагоре."),
    "halves": N_("„{value}“ в „{caption}“ не е цяло или половин число. Закъснението е 0,5; други части няма."),
    "thousands": (
        N_(
            "„{value}“ в „{caption}“: хиляди или дробно число? Напишете хилядите без знак между тях, а частите – "
            "с една или две цифри."
        )
    ),
    "error_cell": N_("В „{caption}“ стои грешка на Excel ({value}). Поправете формулата или впишете стойността."),
    "formula": N_(
        "В „{caption}“ има формула, която не е пресметната. Отворете файла в Excel, запишете го и го върнете."
    ),
    "became_date": (
        N_(
            "„{value}“ в „{caption}“ е дата или дробно число: вероятно Excel е променил номера. Впишете го като "
            "текст, с апостроф отпред."
        )
    ),
    "day_month": (
        N_(
            "В колоната „{caption}“ има и ден/месец, и месец/ден; какво е „{value}“, не се знае. Напишете датите "
            "като ДД.ММ.ГГГГ."
        )
    ),
    "digits_lost": (
        N_(
            "На „{value}“ в „{caption}“ липсват цифри: Excel ги е закръглил и от файла не могат да се върнат. "
            "Направете колоната „Текст“ (Форматиране на клетки) и впишете номерата отново."
        )
    ),
    "other_year": N_("„{value}“ в „{caption}“ не е от годината на реда ({limit}). Поправете едното."),
    "floor": N_("„{value}“ в „{caption}“ е преди {limit}. Проверете годината."),
    "share": N_("„{value}“ в „{caption}“: дял или процент? Напишете „{limit} %“, ако е дял, или „{value} %“."),
    "share_of": N_(
        "„{value}“ в „{caption}“ не излиза от отсъствията и часовете: те дават {limit} %. Поправете числата."
    ),
    "identifier": N_("В „{caption}“ има число, което прилича на ЕГН. Премахнете го: тук лични данни не се приемат."),
    "named": N_("В „{caption}“ има име на човек. Впишете номера без него: тук лични данни не се приемат."),
    "key": N_("Редът повтаря ред {value} със същия ключ ({limit}). Оставете само верния."),
    "school": N_("Институция с код „{value}“ няма в регистъра. Проверете кода или качете новия регистър."),
    "other_place": N_("„{value}“ в „{caption}“ не е от вашите. Пратете само редовете на своето училище или община."),
    "unclear": N_("Не е ясно коя институция е „{value}“. Изберете я на страница „Качване“ или впишете кода ѝ."),
    "points": N_("Средният резултат „{value}“ е над възможните {limit} точки. Проверете числото и от колко е изпитът."),
    "mark": N_("Успехът „{value}“ не е {limit}. Проверете числото."),
    "municipality": N_("Община „{value}“ няма в регистъра на областта. В него са: {limit}."),
    "case": N_(
        "Случай „{value}“{what} няма в регистъра на случаите. Проверете номера; ако е верен, редът чака случая."
    ),
    "school_year": N_("„{value}“ в „{caption}“ е извън учебната година. Проверете датата."),
    "future": N_("„{value}“ в „{caption}“ е в бъдещето. Проверете годината."),
    "not_after": N_("„{value}“ в „{caption}“ е след {limit}. Една от двете дати е грешна."),
    "month_limit": N_(
        "Отсъствията са общо {value}, а месецът позволява най-много {limit}. Проверете дали не са удвоени."
    ),
    "grade": N_("Випуск „{value}“ не се учи в това училище ({limit}). Проверете випуска или кода на училището."),
    "one_school": N_("Редът е за институция „{value}“, а файлът е за {limit}. Изпратете я в отделен файл."),
    "one_month": N_("Редът е за {value}, а файлът е за {limit}. Изпратете месеца в отделен файл."),
}

# The same rules for the help page: their name, and when a row is handed back.
RULE_WORDS: dict[str, tuple[str, str]] = {
    "columns": (N_("Брой полета"), N_("Редът има повече или по-малко полета от другите.")),
    "quotation": (N_("Кавички"), N_("Отворена кавичка не се затваря; следващите редове се четат.")),
    "required": (N_("Задължително поле"), N_("Поле, без което редът не значи нищо, е празно.")),
    "type": (N_("Вид на стойността"), N_("Очаква се число, дата, месец, код или „да/не“, а е написано друго.")),
    "enumeration": (N_("Допустими думи"), N_("Думата не е сред изброените в образеца.")),
    "likely": (N_("Дума, която прилича на допустима"), N_("Пита се дали е тя; отговорът се помни.")),
    "range": (N_("Граници"), N_("Числото е извън възможното: успех под 2 или над 6, випуск над XII.")),
    "negative": (N_("Отрицателно"), N_("Отсъствията не могат да са под нула.")),
    "halves": (N_("Половинки"), N_("Отсъствията са цели или с половин час за закъснение; други части няма.")),
    "thousands": (N_("Хиляди или части"), N_("Три цифри след точка или запетая: 1.500 може да е хиляда и петстотин.")),
    "error_cell": (N_("Грешка на Excel"), N_("В клетката стои грешка, например #N/A или #REF!.")),
    "formula": (N_("Непресметната формула"), N_("Формулата е записана от програма, която не я е пресметнала.")),
    "became_date": (N_("Номер, станал дата"), N_("Excel е превърнал номера в дата или дробно число.")),
    "day_month": (N_("Ден или месец"), N_("В колоната има дати ден/месец и дати месец/ден.")),
    "digits_lost": (
        N_("Загубени цифри"),
        N_("Excel е показал дълъг номер като 7,50101E+09 и цифрите му ги няма във файла."),
    ),
    "other_year": (N_("Месец и година"), N_("Месецът е с година, която не е тази на реда.")),
    "floor": (N_("Твърде стара дата"), N_("Датата е преди учебните години, за които се водят данни.")),
    "share": (N_("Дял или процент"), N_("Число между 0 и 1 без знака %, където се очаква процент.")),
    "share_of": (N_("Процент и брой"), N_("Процентът не отговаря на броя и общия брой в същия ред.")),
    "identifier": (N_("ЕГН не на мястото си"), N_("В текст има число, което прилича на ЕГН.")),
    "named": (
        N_("Име вместо номер"),
        N_("В номер има име на човек: то не се пази, а без него номерата не се различават."),
    ),
    "key": (N_("Повторен ред"), N_("За същото дете, месец и паралелка вече има ред в същия файл.")),
    "school": (N_("Непозната институция"), N_("Кода го няма в регистъра.")),
    "other_place": (N_("Чуж ред"), N_("Училище качва само своите ученици, община – само своите редове.")),
    "unclear": (N_("Неясна институция"), N_("Няма код, а името и мястото не стигат да се познае коя е.")),
    "points": (N_("Точки"), N_("Средният резултат е над максималния брой точки на изпита.")),
    "mark": (N_("Успех"), N_("Оценките са от 2,00 до 6,00.")),
    "municipality": (N_("Непозната община"), N_("Общината я няма в регистъра на областта.")),
    "case": (N_("Непознат случай"), N_("Номера го няма в регистъра на случаите.")),
    "school_year": (N_("Учебна година"), N_("Датата е извън учебната година на реда.")),
    "future": (N_("Бъдеща дата"), N_("Нещо, което вече е станало, има дата в бъдещето.")),
    "not_after": (N_("Ред на датите"), N_("Краят е преди началото.")),
    "month_limit": (
        N_("Повече от месеца"),
        N_("Отсъствията са повече от часовете или дните, които месецът може да има."),
    ),
    "grade": (N_("Випуск и училище"), N_("Такъв випуск не се учи в този вид училище.")),
    "one_school": (N_("Едно училище"), N_("Файлът по правило е за едно училище, а редът е за друго.")),
    "one_month": (N_("Един месец"), N_("Файлът по правило е за един месец, а редът е за друг.")),
}

_TYPE_WORDS = {
    "school": N_("код по НЕИСПУО (6 или 7 цифри)"),
    "school_code": N_("код по НЕИСПУО (6 или 7 цифри)"),
    "pupil": N_("идентификатор (ЕГН, ЛНЧ, ЛОН или местен номер)"),
    "integer": N_("цяло число"),
    "decimal": N_("число"),
    "mean": N_("число"),
    "halves": N_("число"),
    "date": N_("дата (ДД.ММ.ГГГГ)"),
    "month": N_("месец (10.2023 или октомври 2023)"),
    "school_year": N_("учебна година (2023/2024)"),
    "grade": N_("випуск (1–12 или предучилищна група)"),
    "boolean": N_("„да“ или „не“"),
    "ekatte": N_("код по ЕКАТТЕ (5 цифри)"),
}


_OTHER_TYPE = N_("допустима стойност")

# What a rule compared with is kept in Bulgarian.
_LIMITS = (
    (re.compile(r"от (\S+) до (\S+)"), N_("от {} до {}")),
    (re.compile(r"най-малко (\S+)"), N_("най-малко {}")),
    (re.compile(r"най-много (\S+)"), N_("най-много {}")),
    (re.compile(r"датата в (.+)"), N_("датата в {}")),
    (re.compile(r"(„.+“) или („.+“)"), N_("{} или {}")),
    (re.compile(r"(„.+“) и („.+“)"), N_("{} и {}")),
    (re.compile(r"(„.+“) и още (\d+)"), N_("{} и още {}")),
)


def _limit_words(limit: str) -> str:
    """What a rule compared with in the language of who is looking."""
    if is_english():
        for kept, words in _LIMITS:
            if told := kept.fullmatch(limit):
                return _(words).format(*told.groups())
    return limit


def sentence(dataset: Dataset, rule: str, field: str, value: str | None, limit: str | None) -> str:
    """The reason a row was not accepted. `value` is masked already; `limit` is what the rule compared with."""
    declared = dataset[field] if field in dataset else None  # noqa: SIM401 - a Dataset is no mapping
    caption = declared.caption if declared else field
    what = ""
    if declared and rule == "enumeration":
        what = listed((f"„{v.caption}“" for v in declared.values), last=N_("или"))
    elif declared:
        what = _(_TYPE_WORDS.get(declared.type, _OTHER_TYPE))
    if rule == "case":
        what = latin_letters(value or "")
    limit = _limit_words(limit or "")
    if rule == "key":
        limit = ", ".join(dataset[name].caption for name in dataset.key)
    if rule == "one_month":
        value, limit = month_words(value), month_words(limit)
    if rule == "grade":
        low, _dots, high = limit.partition("..")
        limit = " – ".join(dict.fromkeys(grade_words(int(g)) for g in (low, high) if g))
    return _(RULES[rule]).format(caption=caption, value=value or "", limit=limit, what=what)


def month_words(iso: str | None) -> str:
    """2023-10-01 as „октомври 2023“."""
    if not iso or len(iso) < 7:
        return iso or ""
    return f"{month_name(int(iso[5:7]))} {iso[:4]}"
