"""Every relation of the edition in force, in the order in which it is published."""

from graph.vocabulary.relations_access import ACCESS
from graph.vocabulary.relations_build import BUILD
from graph.vocabulary.relations_data import DATA
from graph.vocabulary.relations_governance import GOVERNANCE
from graph.vocabulary.relations_structure import STRUCTURE

RELATIONS = (*ACCESS, *DATA, *STRUCTURE, *BUILD, *GOVERNANCE)
