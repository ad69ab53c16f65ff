"""How assistants begin and speak of themselves, in several languages: it tells who was asked, not what a text says."""

from __future__ import annotations

import re

_OPENERS = (
    r"(?:sure|certainly|of course|absolutely|okay|ok|great|here(?:'s| is| are))\b",
    r"(?:natürlich|gerne|selbstverständlich|klar|hier (?:ist|sind|kommt))\b",
    r"(?:bien sûr|certainement|d'accord|voici|voilà)\b",
    r"(?:claro|por supuesto|desde luego|aquí (?:tienes?|está|van?)|con gusto)\b",
    r"(?:certo|certamente|ecco(?:lo|ti)?|claro que sim|com certeza|aqui (?:está|vai))\b",
    r"(?:natuurlijk|zeker|hier is|oczywiście|oto|конечно|вот|разумеется)\b",
    r"(?:当然|好的|以下是|もちろん|以下は|물론|다음은|بالتأكيد|إليك)",
)
PREAMBLE = re.compile(rf"\A\s*(?:{'|'.join(_OPENERS)})[^\n.:：。]{{0,200}}(?:[:：]\s*|[!.。]\s*\n+|\n+)", re.IGNORECASE)
"""A first sentence that announces the text, up to its colon or line break."""

_SELF = (
    r"as an? (?:ai|artificial intelligence|(?:large )?language model)",
    r"i(?:'m| am) (?:sorry, but|an ai|unable to)",
    r"i (?:cannot|can't) (?:assist|help) with",
    r"als (?:ki|künstliche intelligenz|sprachmodell)",
    r"en tant qu(?:e modèle|'ia|'intelligence artificielle)",
    r"como (?:una? (?:ia|inteligencia artificial|modelo de lenguaje)|uma? (?:ia|modelo de linguagem))",
    r"come (?:modello linguistico|intelligenza artificiale)",
    r"как (?:языковая модель|искусственный интеллект)",
    r"作为(?:一个)?(?:人工智能|ai|语言模型)",
    r"言語モデルとして",
)
_CLOSERS = (
    r"(?:i )?hope (?:this|that) helps",
    r"let me know if you",
    r"feel free to (?:ask|reach)",
    r"(?:ich hoffe, das hilft|lass mich wissen)",
    r"(?:j'espère que cela|n'hésitez pas)",
    r"(?:espero que (?:esto|isso|te)|no dudes en)",
)
META = re.compile("|".join((PREAMBLE.pattern, *_SELF, *_CLOSERS)), re.IGNORECASE)
"""A preamble, a word of the model about itself, or an offer of more."""
