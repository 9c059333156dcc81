"""Bulgarian for the texts Streamlit draws itself and does not let us set, replaced as its files are served: which of
the two is shown is decided by the address the page was opened at.

Keys are the names of Streamlit's script files without their hash; values map an English literal to ours. A key
with a backtick of its own that is not a whole literal is a part of the script, and so is its value. A test
counts that each is still found, because the literals change with Streamlit's releases.
"""

from __future__ import annotations

_IN_ENGLISH = "(window.obhvatEnglish??=/[?&]lang=en(&|$)/.test(location.search))"

WORDS: dict[str, dict[str, str]] = {
    "FileUploader": {
        "Upload": "Изберете файлове",
        "Add files": "Добавете файлове",
        "Drag and drop a file here": "или оставете файл тук",
        "Drag and drop files here": "или оставете файловете тук",
        "} per file`": f"}}${{{_IN_ENGLISH}?` per file`:` най-много за файл`}}`",
    },
    "utils": {
        "No options to select": "Няма възможности",
        "Upload failed": "Качването не успя",
        "Unexpected error. Please try again.": "Неочаквана грешка. Опитайте отново.",
        "Click to retry upload": "Натиснете, за да опитате отново",
        "`Cancel upload of ${": "`Спри качването на ${",
        "`Remove ${": "`Премахни ${",
        "`File is larger than ${": "`Файлът е по-голям от ${",
        "`Error: `": "`Грешка: `",
        "Choose an option": "Изберете",
        "Choose options": "Изберете",
    },
    "Selectbox": {
        "No results": "Няма съвпадения",
        "Clear value": "Изчисти",
        "Selectbox options": "Възможности",
        "Open": "Отвори",
    },
    # What a reader of screens says while one types in a list of choices.
    "useSyncComboBoxEnterTargetFocus": {
        "`${t.plural(e.optionCount,{one:()=>`${t.number(e.optionCount)} option`,other:()=>"
        "`${t.number(e.optionCount)} options`})} available.`": (
            "`${t.plural(e.optionCount,{one:()=>`${t.number(e.optionCount)} възможност`,other:()=>"
            "`${t.number(e.optionCount)} възможности`})}.`"
        ),
        "`${e.optionText}, selected`": "`${e.optionText}, избрано`",
        ", selected": ", избрано",
    },
    "Multiselect": {
        "No results": "Няма съвпадения",
        "`Remove ${": "`Премахни ${",
        "Select all": "Избери всички",
        "Clear all": "Изчисти",
        "Selected values": "Избрани",
        "Multiselect options": "Възможности",
        "Open": "Отвори",
    },
    "DateField": {
        "en:{year:`yyyy`,month:`mm`,day:`dd`}": (
            f"en:{_IN_ENGLISH}?{{year:`yyyy`,month:`mm`,day:`dd`}}:{{year:`гггг`,month:`мм`,day:`дд`}}"
        ),
        "new Intl.DisplayNames(e,{type:`dateTimeField`})": (
            f"new Intl.DisplayNames({_IN_ENGLISH}?`en`:`bg`,{{type:`dateTimeField`}})"
        ),
    },
    "DateInput": {
        "Choose date": "Изберете дата",
        "Clear date": "Изчисти датата",
        "Select...": "Изберете",
        "Use arrow keys to navigate dates. Enter to select. Escape to close.": "Стрелките местят деня, ↵ го избира.",
    },
    "ReorderedSegments": {
        "Previous month": "Предишен месец",
        "Next month": "Следващ месец",
    },
    "StreamlitMarkdown": {
        "`Help`:`Help for ${t": f"({_IN_ENGLISH}?`Help`:`Помощ`):`${{{_IN_ENGLISH}?`Help for`:`Помощ за`}} ${{t",
    },
    "NumberInput": {
        "Increment": "Увеличи",
        "`Number is above the allowed range. Please enter a value less than or equal to ${r}.`": (
            "`Числото може да е най-много ${r}.`"
        ),
        "`Number is below the allowed range. Please enter a value greater than or equal to ${n}.`": (
            "`Числото може да е най-малко ${n}.`"
        ),
        "`Number is outside the allowed range. Please enter a value between ${n} and ${r}.`": (
            "`Числото може да е от ${n} до ${r}.`"
        ),
        "Decrement": "Намали",
        "Clear value": "Изчисти",
    },
    "InputInstructions": {
        "`Press Enter to ${e}`": "`Натиснете ↵, ${e}`",
        "apply": "за да се приеме",
        "submit form": "за да се изпрати",
    },
    "DataFrame": {
        "Sort ascending": "Подреди възходящо",
        "Sort descending": "Подреди низходящо",
        "Statistics": "Статистика",
        "Format": "Вид на числата",
        "Autosize": "Напасни ширината",
        "Pin column": "Закрепи колоната",
        "Unpin column": "Откачи колоната",
        "Hide column": "Скрий колоната",
        "Copy column name": "Копирай заглавието",
        "Show/hide columns": "Покажи или скрий колони",
        "Search": "Търсене",
        "Select all": "Избери всички",
        "Download as CSV": "Изтегли като CSV",
        "Clear selection": "Изчисти избора",
        "Loading...": "Отваря се…",
        "Failed to load data": "Данните не се отвориха",
        "Type to search": "Пишете, за да търсите",
        "Close Search": "Затвори търсенето",
        "Next Result": "Следващо съвпадение",
        "Previous Result": "Предишно съвпадение",
        "No data": "няма данни",
        "Based on sample": "По извадка",
        **{
            # Short words that its scripts also use for other things.
            f"label:`{english}`": f"label:`{bulgarian}`"
            for english, bulgarian in {
                "Automatic": "Както е",
                "Localized": "С разделител на хилядите",
                "Plain": "Без закръгляне",
                "Compact": "Накратко",
                "Dollar": "Долари",
                "Euro": "Евро",
                "Yen": "Йени",
                "Percent": "Процент",
                "Scientific": "Степен на 10",
                "Accounting": "Счетоводно",
                "Distance": "Преди колко време",
                "Calendar": "Спрямо днес",
                "Values": "Стойности",
                "Empty": "Празни",
                "Distinct": "Различни",
                "Minimum": "Най-малко",
                "Maximum": "Най-много",
                "Average": "Средно",
                "Median": "Медиана",
                "Standard deviation": "Стандартно отклонение",
                "Sum": "Сбор",
            }.items()
        },
        "Dataframe column menu": "Меню на колоната",
    },
    "Pagination": {
        "Next page": "Следваща страница",
        "Previous page": "Предишна страница",
        "Pagination": "Страници",
    },
    "Toolbar": {
        "Fullscreen": "Цял екран",
        "Close fullscreen": "Затвори целия екран",
    },
    "PlotlyChart": {
        "Fullscreen": "Цял екран",
        "Close fullscreen": "Затвори целия екран",
    },
    "DownloadButton": {
        "Download failed": "Изтеглянето не успя",
    },
    "index": {
        "`${i.flat().length} more`": "`още ${i.flat().length}`",
        "Running...": "Работи…",
        "Stop": "Спри",
        "Print": "Печат",
        "Record screen": "Запиши екрана",
        "Record a screencast": "Запиши екрана",
        "Main menu": "Меню",
        "Skip to main content": "Към съдържанието",
        "Page not found": "Няма такава страница",
        "The page that you have requested does not seem to exist": "Страницата, която търсите, не съществува",
        "`${t}. Running the app's main page.`": "`${t}. Показва се първата.`",
        "Connection error": "Няма връзка с програмата",
        "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": (
            "Програмата не отговаря. Записаното е цяло. Ако е спряна, пуснете я отново с командата:"
        ),
        "streamlit run yourscript.py": "obhvat",
        "Streamlit server is not responding. Are you connected to the internet?": (
            "Програмата на този компютър не отговаря. Записаното е цяло. Ако е спряна, пуснете я отново – страницата "
            "се свързва сама, а файлове, които не са записани, се пускат пак."
        ),
        "Connection timed out.": "Програмата не отговори навреме; страницата опитва отново сама.",
        "Use system setting": "Според системата",
        "Rerun": "Обнови",
        "Clear cache": "Изчисти кеша",
        "About": "За програмата",
        "Light": "Светла",
        "Dark": "Тъмна",
        "System": "Според системата",
        "Connecting": "Свързване",
        "Please wait...": "Изчакайте…",
        "Navigate to home page": "Към началото",
        "App pages": "Страници",
        "File Uploader": "Качване на файлове",
        "Try again": "Опитайте отново",
        # Of a dialog; the word alone also names what is not shown.
        '"aria-label":`Close`': f'"aria-label":({_IN_ENGLISH}?`Close`:`Затвори`)',
    },
}


def replaced(script: str, words: dict[str, str]) -> tuple[str, dict[str, int]]:
    """A script with its literals in Bulgarian beside the English ones, and how often each was found."""
    counts = {}
    for english, bulgarian in words.items():
        quoted, ours = (english, bulgarian) if "`" in english else (f"`{english}`", f"`{bulgarian}`")
        counts[english] = script.count(quoted)
        is_whole = quoted.startswith("`") and quoted.endswith("`")
        script = script.replace(quoted, f"({_IN_ENGLISH}?{quoted}:{ours})" if is_whole else ours)
    return script, counts
