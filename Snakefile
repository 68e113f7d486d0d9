# The root entry, so that plain `snakemake <target>` works here; an include has no default target.
include: "workflow/Snakefile"


workflow.default_target = "demo"
