"""Words that say nothing of what is looked for, as `words` spells them.

They stand in most texts or in none: a question that asks for one as well finds all, or nothing.
"""

from typing import Final

# Those of Snowball, whose stemmers both engines have.
_ENGLISH: Final = """
    a about above after again against all am an and any are as at be because been before being below
    between both but by can did do does doing don down during each few for from further had has have
    having he her here hers herself him himself his how i if in into is it its itself just me more most
    my myself no nor not now of off on once only or other our ours ourselves out over own same she
    should so some such than that the their theirs them themselves then there these they this those
    through to too under until up very was we were what when where which while who whom why will with
    you your yours yourself yourselves
"""
_RUSSIAN: Final = """
    а без более больше будет будто бы был была были было быть в вам вас вдруг ведь во вот впрочем все
    всегда всего всех всю вы где да даже два для до другой его ее ей ему если есть еще ж же за зачем
    здесь и из или им иногда их к как какая какой когда конечно кто куда ли лучше между меня мне много
    может можно мой моя мы на над надо наконец нас не него нее ней нельзя нет ни нибудь никогда ним них
    ничего но ну о об один он она они опять от перед по под после потом потому почти при про раз разве
    с сам свою себе себя сейчас со совсем так такой там тебя тем теперь то тогда того тоже только том
    тот три тут ты у уж уже хорошо хоть чего чем через что чтоб чтобы чуть эти этого этой этом этот эту
    я
"""
_FILLING: Final = """
    one ones some something anything car cars vehicle vehicles auto vin year case cases find show ends ending
    вин авто автомобиль автомобиля автомобилю автомобилем автомобиле автомобили машина машины машине машину
    машиной машин тачка тачки который которая которое которые год года году г дело дела найди найти покажи
"""
SAYS_NOTHING: Final = frozenset([*_ENGLISH.split(), *_RUSSIAN.split()])
"""Looked for by themselves they are nothing to look for."""
FILLING: Final = frozenset(_FILLING.split())
"""What people say beside what they look for; by themselves they are words like others."""
