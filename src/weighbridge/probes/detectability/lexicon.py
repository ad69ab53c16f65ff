"""Words that attacks exchange: small lists of ours for some languages, and those that a user brings for others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Exchanges = Mapping[str, tuple[str, ...]]
"""A word in lower case, and what may stand for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """By language (its primary subtag): what may stand for a word."""

    synonyms: Mapping[str, Exchanges] = field(default_factory=dict)
    spellings: Mapping[str, Exchanges] = field(default_factory=dict)
    misspellings: Mapping[str, Exchanges] = field(default_factory=dict)


def primary(language: str) -> str:
    """The primary subtag of a language tag: "en" of "en-GB"."""
    return language.replace("_", "-").split("-", 1)[0].lower()


def _sets(text: str) -> dict[str, tuple[str, ...]]:
    """Sets of words with commas between them: in a set each may stand for each other."""
    made: dict[str, tuple[str, ...]] = {}
    for one in text.split(","):
        words = one.split()
        for word in words:
            made[word] = (*made.get(word, ()), *(other for other in words if other != word))
    return made


_ENGLISH = """
big large huge, small little tiny, quick fast rapid swift, begin start commence, began started commenced, ended
finished concluded, buy purchase, bought purchased, show display, showed displayed revealed, shown displayed revealed,
said stated remarked, asked inquired, told informed, answered replied responded, think believe reckon, thought
believed reckoned, help assist aid, helped assisted aided, need require, needed required, needs requires, important
significant crucial, difficult hard tough, easy simple, often frequently, sometimes occasionally, usually generally
normally, quickly rapidly swiftly, suddenly abruptly, maybe perhaps, about roughly approximately, also additionally,
however nevertheless nonetheless, because since, although though, many numerous, few scarce, enough sufficient,
several various, whole entire, main chief principal, old aged ancient, new recent fresh, good fine decent, great
splendid superb, bad poor awful, beautiful lovely pretty, happy glad cheerful, sad unhappy gloomy, angry furious
irate, afraid scared frightened, strange odd peculiar, strong powerful mighty, weak feeble, rich wealthy affluent,
clever smart bright, stupid foolish, quiet silent, loud noisy, dark dim, cold chilly, wet damp, house home dwelling,
street road, town city, country nation, people folk persons, man fellow, woman lady, child kid, children kids
youngsters, friend companion, enemy foe, doctor physician, teacher instructor, boss manager, worker employee, workers
employees, company firm business, companies firms businesses, job position, money cash funds, car automobile vehicle,
cars automobiles vehicles, picture image, pictures images, story tale, stories tales, idea notion concept, ideas
notions concepts, problem issue difficulty, problems issues difficulties, answer reply response, question query,
result outcome, results outcomes, reason cause, goal aim objective, plan scheme, chance opportunity, danger peril,
mistake error, mistakes errors, place spot location, part portion, way manner, kind sort type, kinds sorts types,
thing object, area region, end finish, top summit, middle centre, shop store, police officers, court tribunal, law
statute, war conflict, fight battle, victory triumph, defeat loss, government administration, leader chief, vote
ballot, report account, study investigation, research inquiry, expert specialist, experts specialists, method
technique approach, methods techniques approaches, increase rise growth, increased rose grew, decrease decline drop,
decreased declined dropped, made created produced, make create produce, used employed utilised, use employ utilise,
found discovered, find discover, got obtained received, get obtain receive, gave granted, give grant, took grabbed,
kept retained, keep retain, left departed, went travelled, came arrived, walked strolled, ran raced, looked gazed
glanced, saw noticed spotted, see notice spot, heard overheard, wanted wished desired, want wish desire, liked
enjoyed, hated loathed detested, tried attempted, try attempt, happened occurred, happen occur, killed slain, died
perished, built constructed, build construct, broken shattered, fixed repaired mended, closed shut, hidden concealed,
famous renowned celebrated, dangerous hazardous risky, true correct accurate, false incorrect untrue, sure certain,
real genuine actual, really truly genuinely, very extremely highly, almost nearly, only merely solely, again anew,
always forever, now presently currently, soon shortly, later afterwards, finally eventually ultimately, inside within,
near close, across throughout, against opposing, despite notwithstanding
"""
_GERMAN = """
groß riesig gewaltig, klein winzig gering, schnell rasch flink, wichtig bedeutend wesentlich, schwierig schwer
knifflig, einfach leicht simpel, oft häufig, manchmal gelegentlich, vielleicht möglicherweise eventuell, ungefähr etwa
circa, auch ebenfalls, aber jedoch, deshalb daher darum, obwohl obgleich, sofort umgehend unverzüglich, schließlich
letztlich endlich, sehr überaus äußerst, fast beinahe nahezu, nur lediglich bloß, immer stets, plötzlich unvermittelt,
beginnen anfangen, begann startete, sagte meinte erklärte, fragte erkundigte, bekommen erhalten kriegen, bekam
erhielt, zeigen vorführen, zeigte offenbarte, benutzen verwenden gebrauchen, benutzt verwendet gebraucht, schön
hübsch, gut prima, schlecht übel mies, alt betagt, neu frisch, traurig betrübt, froh fröhlich heiter, wütend zornig,
seltsam merkwürdig sonderbar, Auto Wagen, Bild Abbildung, Geschichte Erzählung, Fehler Irrtum, Ergebnis Resultat,
Ergebnisse Resultate, Gebiet Bereich, Firma Unternehmen Betrieb, Arzt Mediziner, Lehrer Pädagoge, Geld Mittel, Grund
Ursache, Ziel Zweck, Möglichkeit Gelegenheit
"""
_FRENCH = """
grand vaste immense, petit minuscule, rapide prompt, rapidement vite promptement, important essentiel majeur,
difficile ardu, facile aisé, souvent fréquemment, parfois quelquefois, environ approximativement, aussi également,
mais cependant, cependant toutefois néanmoins, parce puisque, très extrêmement fort, presque quasiment, seulement
uniquement, toujours constamment, soudain subitement, enfin finalement, maintenant actuellement, commencer débuter,
commença débuta, terminer finir achever, dit déclara affirma, demanda interrogea, montrer révéler, montra révéla,
utiliser employer, obtenir recevoir, beau joli, bon excellent, mauvais médiocre, vieux ancien, nouveau récent, heureux
content joyeux, triste malheureux, étrange bizarre curieux, maison demeure logis, voiture automobile, image photo,
histoire récit, erreur faute, résultat aboutissement, problème souci, entreprise société firme, médecin docteur,
argent fonds, raison motif cause, but objectif, endroit lieu, pays nation, travail emploi, chance occasion
"""
_SPANISH = """
grande enorme inmenso, pequeño diminuto, rápido veloz, rápidamente velozmente, importante esencial relevante, difícil
complicado arduo, fácil sencillo simple, frecuentemente habitualmente, quizás acaso, aproximadamente alrededor,
también asimismo, pero mas, , muy sumamente, casi prácticamente, solamente únicamente, siempre constantemente,
repentinamente súbitamente, finalmente últimamente, ahora actualmente, comenzar empezar iniciar, comenzó empezó
inició, terminar acabar finalizar, dijo afirmó declaró, preguntó inquirió, mostrar enseñar, mostró enseñó, usar
utilizar emplear, obtener conseguir, bonito hermoso bello, bueno excelente, malo pésimo, viejo antiguo, nuevo
reciente, feliz contento alegre, triste apenado, extraño raro, casa vivienda hogar, coche auto automóvil, imagen foto,
historia relato, error fallo, errores fallos, resultado desenlace, problema inconveniente, empresa compañía firma,
médico doctor, dinero fondos, razón motivo causa, meta objetivo, lugar sitio, país nación, trabajo empleo
"""


SYNONYMS: dict[str, Exchanges] = {
    "en": _sets(_ENGLISH), "de": {k.lower(): v for k, v in _sets(_GERMAN).items()}, "fr": _sets(_FRENCH),
    "es": _sets(_SPANISH),
}  # fmt: skip

_BRITISH = """
colour color, colours colors, coloured colored, colourful colorful, favour favor, favours favors, favourite favorite,
favourites favorites, flavour flavor, flavours flavors, honour honor, honours honors, humour humor, labour labor,
neighbour neighbor, neighbours neighbors, neighbourhood neighborhood, behaviour behavior, rumour rumor, rumours
rumors, armour armor, harbour harbor, vapour vapor, centre center, centres centers, theatre theater, theatres
theaters, metre meter, metres meters, kilometre kilometer, kilometres kilometers, litre liter, litres liters, fibre
fiber, defence defense, offence offense, licence license, analyse analyze, analysed analyzed, analysing analyzing,
paralysed paralyzed, organise organize, organised organized, organising organizing, organisation organization,
organisations organizations, recognise recognize, recognised recognized, realise realize, realised realized, apologise
apologize, apologised apologized, criticise criticize, criticised criticized, emphasise emphasize, emphasised
emphasized, finalise finalize, finalised finalized, memorise memorize, minimise minimize, maximise maximize,
specialise specialize, specialised specialized, summarise summarize, summarised summarized, civilisation civilization,
travelled traveled, travelling traveling, traveller traveler, travellers travelers, cancelled canceled, cancelling
canceling, labelled labeled, modelling modeling, signalled signaled, jewellery jewelry, fulfil fulfill, enrol enroll,
skilful skillful, catalogue catalog, dialogue dialog, grey gray, programme program, programmes programs, aeroplane
airplane, mum mom, pyjamas pajamas, moustache mustache, sceptical skeptical, ageing aging, judgement judgment,
acknowledgement acknowledgment, towards toward, afterwards afterward, learnt learned, burnt burned, dreamt dreamed,
spelt spelled, amongst among
"""
_ESZETT = """
dass daß, muss muß, musste mußte, mussten mußten, lässt läßt, wusste wußte, bisschen bißchen, schluss schluß, fluss
fluß, prozess prozeß, straße strasse, straßen strassen, groß gross, große grosse, großen grossen, weiß weiss, heißt
heisst, heißen heissen, außer ausser, außerdem ausserdem, schließlich schliesslich, selbstständig selbständig,
aufwendig aufwändig, potenzial potential, fantasie phantasie, foto photo, telefon telephon, delfin delphin
"""
_REFORMED = """
coût cout, coûts couts, coûter couter, maître maitre, maîtres maitres, connaître connaitre, connaît connait, paraît
parait, reconnaître reconnaitre, apparaître apparaitre, disparaître disparaitre, île ile, îles iles, boîte boite,
boîtes boites, chaîne chaine, goût gout, août aout, dîner diner, traîner trainer, entraîner entrainer, entraîne
entraine, événement évènement, événements évènements, clé clef, clés clefs, week-end weekend
"""
_ACUTE = """
sólo solo, éste este, ésta esta, éstos estos, éstas estas, ése ese, ésa esa, aquél aquel, guión guion, período
periodo, períodos periodos, fútbol futbol, icono ícono, cardíaco cardiaco, setiembre septiembre, oscuro obscuro,
psicología sicología
"""
_PORTUGUESE = """
facto fato, factos fatos, acção ação, acções ações, direcção direção, actual atual, actualmente atualmente, actividade
atividade, actividades atividades, projecto projeto, projectos projetos, objectivo objetivo, objectivos objetivos,
óptimo ótimo, baptismo batismo, director diretor, eléctrico elétrico, económico econômico, económica econômica,
académico acadêmico, fenómeno fenômeno, género gênero, bebé bebê, equipa equipe, planear planejar, registo registro,
contacto contato
"""
_SIMPLE = (
    "国学会来时对说为这个们发见长东车门问间开关书写电话马鸟鱼龙风飞语读谁让认识请谢钱铁银银医药难离乐业习乡云亚产亲价众优传伤体决况净几击创别办务"
    "动劳势区华协单卖卫历压双变叶号听员园团图场块声处备复够头夺"
)
_FULL = (
    "國學會來時對說為這個們發見長東車門問間開關書寫電話馬鳥魚龍風飛語讀誰讓認識請謝錢鐵銀銀醫藥難離樂業習鄉雲亞產親價眾優傳傷體決況淨幾擊創別辦務"
    "動勞勢區華協單賣衛歷壓雙變葉號聽員園團圖場塊聲處備複夠頭奪"
)
_HAN = {
    **{a: (b,) for a, b in zip(_SIMPLE, _FULL, strict=True) if a != b},
    **{b: (a,) for a, b in zip(_SIMPLE, _FULL, strict=True) if a != b},
}

SPELLINGS: dict[str, Exchanges] = {
    "en": _sets(_BRITISH), "de": _sets(_ESZETT), "fr": _sets(_REFORMED), "es": _sets(_ACUTE), "pt": _sets(_PORTUGUESE),
    "zh": _HAN,
}  # fmt: skip
"""Two customs of one language; for Chinese, simplified and traditional characters."""

ARTICLES: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an the",
        "de": "der die das den dem des ein eine einen einem einer eines",
        "fr": "le la les un une des l' l’",
        "es": "el la los las un una unos unas",
        "it": "il lo la i gli le un uno una l' l’ un' un’",
        "pt": "o a os as um uma uns umas",
        "ca": "el la els les un una uns unes l' l’",
        "nl": "de het een",
        "sv": "en ett den det de",
        "da": "en et den det de",
        "nb": "en ei et den det de",
        "no": "en ei et den det de",
        "hu": "a az egy",
        "el": "ο η το οι τα τον την του της των τους τις ένας μια ένα",
        "ro": "un o unui unei",
    }.items()
}
NO_ARTICLES = frozenset(
    "ru uk be pl cs sk hr sr sl lt lv et fi zh ja ko th vi hi ta la sw tr id ms".split()  # noqa: SIM905  shorter than a list
)
"""Languages known to have no articles that stand as words of their own."""
OURS = Lists(synonyms=SYNONYMS, spellings=SPELLINGS)

ROWS: dict[str, tuple[str, ...]] = {
    "LATIN": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "CYRILLIC": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    "GREEK": ("ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"),
    "HEBREW": ("קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"),
}
"""The rows of letters of the commonest keyboard of a script."""
