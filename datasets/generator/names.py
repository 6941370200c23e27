"""Invented people and firms. No name is meant to be anybody's; firms are put together from syllables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from generator.dice import Dice

_FIRST = {
    "ES": "Ana Blanca Carmen Daniel Elena Emilio Gonzalo Inés Irene Javier "
    "Lucía Marcos Marta Nuria Pablo Raúl Rocío Sara Sergio Tomás",
    "PT": "Afonso Beatriz Bruno Catarina Duarte Filipa Gonçalo Helena Inês Joana "
    "Luís Mafalda Matilde Nuno Rita Rui Sofia Tiago Vasco Vera",
    "FR": "Adèle Alain Camille Cédric Claire Denis Élise Gaël Hugo Jeanne "
    "Julien Léa Louise Manon Mathieu Noémie Olivier Rémi Sylvie Théo",
    "IT": "Alba Bianca Carlo Chiara Dario Elisa Fabio Giada Giulio Ilaria "
    "Lorenzo Marina Matteo Nadia Paolo Pietro Renata Silvia Stefano Viola",
    "": "Agnieszka Amina Aylin Chidi Dmitri Emeka Fatima Hana Ingrid Jonas "
    "Karim Lars Mei Milan Priya Ravi Sanne Soren Tariq Yuki",
}
_LAST = {
    "ES": "Aldana Barroso Cifuentes Dueñas Escudero Fuentes Gallardo Hinojosa Ibarra Lozano "
    "Manrique Navas Olmedo Pastor Quesada Rivas Salcedo Tejada Urbina Valverde",
    "PT": "Abrantes Bastos Carvalhal Domingues Esteves Falcão Gouveia Henriques Lacerda Macedo "
    "Noronha Outeiro Peixoto Queirós Rebelo Seabra Teles Vale Veloso Xavier",
    "FR": "Aubert Besson Chauvin Delorme Estève Fabre Garnier Hamelin Joubert Lacroix "
    "Maillard Noiret Perrin Quentin Rousset Sabatier Tessier Vasseur Verdier Voisin",
    "IT": "Alberti Basile Cattaneo Donati Ferrante Galli Lombardi Mancini Neri Orsini "
    "Pellegri Quaranta Ricciardi Salvi Tedesco Ughi Valenti Ventura Zanetti Zorzi",
    "": "Adeyemi Banerjee Costa Demir Eriksen Farouk Goto Haddad Ivanov Jansen "
    "Kaya Lindqvist Mensah Nowak Okafor Petrov Rahman Silva Tanaka Weber",
}
_OTHER_SHARE = 0.18  # people whose names come from further away

_HEADS = [
    "Al",
    "Bel",
    "Cor",
    "Dor",
    "Fel",
    "Gal",
    "Hel",
    "Lor",
    "Mar",
    "Nov",
    "Or",
    "Pal",
    "Quin",
    "Ros",
    "Sol",
    "Tar",
    "Ul",
    "Ver",
    "Zan",
    "Bri",
]
_MIDS = ["a", "e", "i", "o", "an", "er", "in", "al"]
_TAILS = ["bria", "dela", "lume", "mont", "nera", "quia", "ridge", "senta", "tona", "vanta", "vesca", "zor"]
TRADES = {
    "professional_services": ("Consulting", "Legal", "Design", "Audit"),
    "manufacturing": ("Components", "Tools", "Textiles", "Packaging"),
    "healthcare": ("Clinics", "Labs", "Care", "Dental"),
    "public_sector": ("Municipal Services", "Water Board", "Port Authority", "Library Trust"),
    "education": ("Academy", "College", "Training", "Campus"),
    "small_shop": ("Corner Shop", "Grocery", "Provisions", "Deli"),
    "supermarket": ("Supermarket", "Market Hall", "Food Hall", "Fresh Market"),
    "cafe": ("Café", "Coffee Bar", "Tea Room", "Bakery Café"),
    "salon": ("Hair Salon", "Barbers", "Nail Studio", "Beauty Room"),
    "corner_shop": ("Minimarket", "Kiosk", "News and Snacks", "Pantry"),
    "depot": ("Beer and Soda Depot", "Drinks Depot", "Bottle Store", "Drinks Warehouse"),
    "kitchen_shop": ("Kitchenware", "Cookshop", "Home and Kitchen", "Table and Tools"),
    "department_store": ("Department Store", "Galleries", "House of Fashion", "Emporium"),
}


def firms(dice: Dice, industries: np.ndarray, taken: Sequence[str] = ()) -> np.ndarray:
    """A name for each firm, all different and none of `taken`: an invented word and its trade."""
    words = [head + mid + tail for head in _HEADS for mid in _MIDS for tail in _TAILS]
    words = [words[i] for i in dice.shuffled(len(words))]
    names = []
    for number, industry in enumerate(industries):
        trades = TRADES[industry]
        names.append(f"{words[number % len(words)]} {trades[(number // len(words)) % len(trades)]}")
    apart = _told_apart([*taken, *names])[len(taken) :]
    return np.array(apart, dtype=object)


def people(dice: Dice, countries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A name and an e-mail address for each person; addresses are all different and end in example.com."""
    n = len(countries)
    first, last, far = dice.whole(n, 0, 19), dice.whole(n, 0, 19), dice.uniform(n)
    names, mails = [], []
    for number, country in enumerate(countries):
        pool = "" if far[number] < _OTHER_SHARE else country
        given, family = _FIRST[pool].split()[first[number]], _LAST[pool].split()[last[number]]
        names.append(f"{given} {family}")
        mails.append(f"c{number + 1:05d}@example.com")
    return np.array(names, dtype=object), np.array(mails, dtype=object)


def _told_apart(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        apart.append(name if seen[name] == 1 else f"{name} {'I' * seen[name]}")
    return apart
