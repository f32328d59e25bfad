"""What the embedded voices say for `bench.mouths`, and the sentences of the GRID corpus by their names.

Each text has many p b m, f v, rounded and spread sounds of its language.
"""

# ruff: noqa: RUF001 (scripts that look like others)
from __future__ import annotations

SENTENCES = {
    "en-us": (
        "My mother made a big apple pie, but Bob broke the plate before Anna came back with the "
        "jam. Five very fine villagers found both of their leather gloves there. Who would choose "
        "to show you two blue moons? We see these three sheep."
    ),
    "de": (
        "Meine Mutter backt morgen einen Apfelkuchen, aber Peter bringt bloß Brombeeren mit. Fünf "
        "Vögel flogen früh über das feuchte Feld. Die müden Männer suchen schöne grüne Hüte und "
        "trinken kühles Wasser vom Berg."
    ),
    "fr": (
        "Ma mère a fait une belle tarte aux pommes, mais Paul a cassé le plat bleu. Vous voulez "
        "voir la fin du film français avec votre frère. Tu pourrais nous prêter deux ou trois "
        "jupes rouges pour jouer."
    ),
    "es": (
        "Mi madre preparó una tarta de manzana, pero mi primo rompió un plato pequeño. La familia "
        "fue a ver el faro por fin, y todos fumaban fuera. Muchos hombres buscan un buen trabajo "
        "en la ciudad de Bilbao."
    ),
    "it": (
        "Mia mamma ha preparato una bella torta, ma Beppe ha rotto un piatto blu. Favole vecchie "
        "fanno felici i figli di Vera. Il professore guarda fuori dalla finestra e pensa molto al "
        "suo lavoro."
    ),
    "pt-br": (
        "Minha mãe preparou um bolo de maçã, mas o primo Pedro quebrou o prato azul. A família "
        "vai à feira ver as flores novas e as frutas. Muitos homens bons trabalham na cidade de "
        "Belém."
    ),
    "ru": (
        "Моя мама приготовила большой пирог, но папа разбил мою любимую тарелку. Ваня и Фёдор "
        "вышли в поле и увидели фонтан. Мы были в Москве, потом поехали на море в Крым."
    ),
    "zh": (
        "我妈妈做了一个苹果派,爸爸把盘子打破了。飞机明天飞往法国,我非常高兴。朋友们跑步去北边的公园买面包。"
    ),
    "ja": (
        "わたしのははは まいにち パンをやいて、ぼくは みかんを たべます。ふゆの やまで "
        "ふたりは うみを みました。びょういんの まえで ともだちと ばすを まっています。"
    ),
    "hi": (
        "मेरी माँ ने बड़ा सेब का पकवान बनाया, पर भाई ने प्लेट तोड़ दी। फूल और फल वाले वहाँ बैठे "
        "हैं। हम सब मिलकर मुंबई से पूना जाएँगे।"
    ),
    "ar": (
        "أمي تطبخ الطعام في البيت مع أبي، لكن محمد كسر الباب الكبير. ذهب الفلاح إلى الفرن ليفتح "
        "المفتاح. نحن نحب البحر والجبل في بلادنا الجميلة."
    ),
    "tr": (
        "Annem büyük bir elmalı pasta yaptı, ama babam mavi tabağı kırdı. Fatma ve Veli fındık "
        "fıstık yediler. Bugün pembe bulutlar ve mor dağlar çok güzel görünüyor."
    ),
}

# The grammar of GRID: command, colour, preposition, letter, digit, adverb, by the letters of a file's name.
_COMMANDS = {"b": "bin", "l": "lay", "p": "place", "s": "set"}
_COLOURS = {"b": "blue", "g": "green", "r": "red", "w": "white"}
_PREPOSITIONS = {"a": "at", "b": "by", "i": "in", "w": "with"}
_DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGITS = dict(zip("z123456789", _DIGIT_NAMES, strict=True))
_ADVERBS = {"a": "again", "n": "now", "p": "please", "s": "soon"}


def grid_sentence(stem: str) -> str:
    """What is said in a clip such as `grid_s26_bgbsza`."""
    command, colour, preposition, letter, digit, adverb = tuple(stem.split("_")[-1])
    words = [_COMMANDS[command], _COLOURS[colour], _PREPOSITIONS[preposition], letter]
    return " ".join([*words, _DIGITS[digit], _ADVERBS[adverb]])
