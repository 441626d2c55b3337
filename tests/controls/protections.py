"""Every protection that a proof needs, what is taken out of it, and what its test then says."""

from tests.controls import at_the_door, under_fire

CONTROLS = (*under_fire.CONTROLS, *at_the_door.CONTROLS)
