"""Specs at random: lawful ones, made by the grammar, and wild ones, which are near it."""

from random import Random

BLANKS = (" ", " ", " ", "\t", "  ", " \t ")
# Text that stands for itself anywhere in a word, and has tempted some shell to do otherwise.
TEXTS = (
    "a", "b", "x1", "-", "--p=", "=", ":", "!", "%", "^", ",", ".", "@", "+", "]", "}", "1", "2",
    "é", "日本", "\u0301", "\u00a0", "\u3000", "\x01", "\x7f", "\x1b", "\v", "\f", "\udcff",
    "\udcc3", "\udc81\udc8a", "if", "do", "a=", "a+=",
)  # fmt: skip
LATER = (*TEXTS, "#", "~", "~b")  # not at the start of a word, and no tilde after = or :
SPECIAL = ("|", "&", ";", "<", ">", "(", ")", "$", "`", "'", '"', "\\", "*", "?", "[", "]", "{")
QUOTABLE = (*LATER, *SPECIAL, "}", " ", "\t", "|&", "2>", "&&", "$a", "~")
COMMANDS = (
    "a", "b", "cmd", "{}", "!x", "é", "a]", "b-", "x.y", "'if'", "\\do", "f\"or\"", "'a b'", "^",
    "=", "1", "a#", "a~", "a'[0'", "d/c", "@", "-", "--", "-a", "'a=b'", "a\\=b", "1=2",
    "'x|y'", "'*'", "\\\udcff", "日", "'#'", "\\~", "\"'\"",
)  # fmt: skip
NAMES = ("A", "b", "_x", "aB_9", "IFS", "LANG", "PWD", "RANDOM", "POSIXLY_CORRECT")
FILES = ("f", "g", "'f g'", "\\*", "h'$'", "1x", "d/f", "é", "!", "a=b", "-", "2")
HAZARDS = (
    *BLANKS, *LATER, *SPECIAL, "}", "~", "#", "|&", "||", "&&", "&>", ">>", "<<", "<>", ">|", ">&",
    "<&", "2>&1", ">&2", "1>&2", "2>", "0<", "1>", "3>", "12<", "{}", "{a,b}", ",b}", "..3}", "[a]",
    "a[", "''", '""', "A=1 ", "A+=1 ", "=~", ":~", "$'", '$"', "<(", ">(", "\\\\", "time ", "! ",
    "in ", "\n", "\r", "\0", "%1", "UID=1 ", "_=1 ", "é=1 ", "2>f", ">2", "a{},b}",
    "2>&1<f", "2>&1>f",
)  # fmt: skip
LINE_ENDS = ("\n", " \n", "\n\t\n", "\n# | a\n", "\n \t#'\n", "\n#\n#!\n")
MUTATIONS = 6


def lawful(random: Random) -> str:
    """Return a spec that the grammar allows and no rule refuses."""
    count = random.choice((1, 1, 2, 2, 3, 5))
    pipes = [random.choice(("|", "|", "|&")) for _ in range(count - 1)]
    spec = _stage(random, True, "" if not pipes else pipes[0])
    for number, pipe in enumerate(pipes, 1):
        after = pipes[number] if number < len(pipes) else ""
        spec += _maybe_blank(random) + pipe + _stage(random, False, after)
    return spec


def lawful_file(random: Random) -> str:
    """Return the text of a file that holds a lawful spec, with lines of every kind about it."""
    parts = [random.choice(("", "#!/usr/bin/env runwrap\n", "\n", " \t\n# 'x\n"))]
    pipes = [random.choice(("|", "|&")) for _ in range(random.choice((0, 1, 2, 3)))]
    for number, pipe in enumerate((*pipes, "")):
        parts += (_stage(random, number == 0, pipe), _maybe_blank(random), pipe)
        if pipe:
            parts += (random.choice(LINE_ENDS) for _ in range(random.choice((0, 1, 2, 3))))
    return "".join(parts) + random.choice(("", "\n", "\n\n", " \n \t # | &\n", "\n#"))


def wild_file(random: Random) -> str:
    """Return a lawful file with some accidents."""
    text = lawful_file(random)
    for _ in range(random.randint(1, MUTATIONS)):
        text = _mutate(random, text)
    return text


def wild(random: Random) -> str:
    """Return a lawful spec with some accidents, or only accidents."""
    if random.random() < 0.2:
        return "".join(random.choice(HAZARDS) for _ in range(random.randint(1, 12)))
    spec = lawful(random)
    for _ in range(random.randint(1, MUTATIONS)):
        spec = _mutate(random, spec)
    return spec


def shape(spec: str) -> str:
    """Return what a spec is made of, with like characters alike and their runs as one."""
    found: list[str] = []
    for character in spec:
        kind = "a" if character.isalpha() else "é" if character > "\x7f" else character
        if not found or found[-1] != kind or kind not in "aé ":
            found.append(kind)
    return "".join(found)


def _mutate(random: Random, spec: str) -> str:
    at, end = sorted((random.randint(0, len(spec)), random.randint(0, len(spec))))
    end = min(end, at + random.randint(0, 3))
    return random.choice(
        (
            spec[:at] + random.choice(HAZARDS) + spec[at:],
            spec[:at] + random.choice(HAZARDS) + spec[end:],
            spec[:at] + spec[end:],
            spec[:at] + spec[at:end] * 2 + spec[end:],
            spec[:at] + spec[at:end][::-1] + spec[end:],
        )
    )


def _stage(random: Random, first: bool, pipe: str) -> str:
    before = [_assignment(random) for _ in range(random.choice((0, 0, 0, 1, 2)))]
    after = [_word(random) for _ in range(random.choice((0, 1, 1, 2, 4)))]
    for redirect in _redirects(random, first, pipe):
        words = random.choice((before, after))
        words.insert(random.randint(0, len(words)), redirect)
    words = [*before, random.choice(COMMANDS), *after]
    return (
        _maybe_blank(random)
        + "".join(word + random.choice(BLANKS) for word in words[:-1])
        + words[-1]
    )


def _redirects(random: Random, first: bool, pipe: str) -> list[str]:
    """Return redirections of different streams that the pipes leave free."""
    kinds: list[tuple[str, ...]] = [("<", "0<")] if first else []
    if not pipe:
        kinds.append((">", "1>", ">>", "1>>", ">&2", "1>&2"))
    if pipe != "|&":
        kinds.append(("2>", "2>>", "2>&1"))
    chosen = [random.choice(kind) for kind in kinds if random.random() < 0.3]
    random.shuffle(chosen)
    return [one if "&" in one else one + _maybe_blank(random) + _file(random) for one in chosen]


def _assignment(random: Random) -> str:
    value = "" if random.random() < 0.3 else _quoted(random) + "".join(_texts(random))
    return f"{random.choice(NAMES)}={value}"


def _word(random: Random) -> str:
    if random.random() < 0.1:
        return random.choice(("{}", "[", "]", "[", "''", '""', "x{}y{}", "a[b", "=", "!", "in"))
    first = random.choice((*TEXTS, _quoted(random)))
    return first + "".join(_texts(random))


def _texts(random: Random) -> list[str]:
    """Return parts of a word; a quoted one is put before each tilde."""
    parts = []
    for _ in range(random.choice((0, 1, 2, 4))):
        part = random.choice((random.choice(LATER), _quoted(random)))
        parts.append("''" + part if part[0] == "~" else part)
    return parts


def _quoted(random: Random) -> str:
    texts = [random.choice(QUOTABLE) for _ in range(random.choice((0, 1, 2, 3)))]
    kind = random.choice("'\"\\")
    if kind == "'":
        return "'" + "".join(texts).replace("'", "") + "'"
    if kind == "\\":
        return "".join("\\" + character for character in "".join(texts)) or "''"
    return '"' + "".join("\\" + one[0] + one[1:].replace("$", "") if one[0] in '"\\$`'
                         else one.replace("$", "") for one in texts) + '"'  # fmt: skip


def _file(random: Random) -> str:
    return random.choice(FILES)


def _maybe_blank(random: Random) -> str:
    return random.choice(("", random.choice(BLANKS)))
