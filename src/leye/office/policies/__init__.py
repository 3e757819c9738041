"""What everybody may read of the rule packs in force: policies, figures of places, who may ask. Nothing about persons."""
