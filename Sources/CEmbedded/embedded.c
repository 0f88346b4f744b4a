#include "CEmbedded.h"

// C23's #embed inserts the bytes of a file; it compiles in a few milliseconds per megabyte.
#define BYTES(name) static const unsigned char name[]

BYTES(cluster_parallel_run) = {
#embed "cluster/parallel/run.sh"
};
BYTES(cluster_slurm_merge) = {
#embed "cluster/slurm/merge.sbatch"
};
BYTES(cluster_slurm_submit) = {
#embed "cluster/slurm/submit.sh"
};
BYTES(cluster_slurm_units) = {
#embed "cluster/slurm/units.sbatch"
};
BYTES(cluster_snakemake_profile) = {
#embed "cluster/snakemake/slurm/config.yaml"
};
BYTES(cluster_snakemake_snakefile) = {
#embed "cluster/snakemake/Snakefile"
};
BYTES(cluster_step) = {
#embed "cluster/step.sh"
};
BYTES(demo_config) = {
#embed "demo/config.json"
};
BYTES(demo_model) = {
#embed "demo/model.safetensors"
};
BYTES(demo_tokenizer) = {
#embed "demo/tokenizer.json"
};
BYTES(corpus_de) = {
#embed "corpora/de.txt"
};
BYTES(corpus_en) = {
#embed "corpora/en.txt"
};
BYTES(corpus_es) = {
#embed "corpora/es.txt"
};
BYTES(corpus_fr) = {
#embed "corpora/fr.txt"
};
BYTES(corpus_fr_daily) = {
#embed "corpora/fr-daily.txt"
};
BYTES(corpus_it) = {
#embed "corpora/it.txt"
};
BYTES(corpus_nl) = {
#embed "corpora/nl.txt"
};
BYTES(stories_fr) = {
#embed "corpora/fr-stories.txt"
};
BYTES(stories_nl) = {
#embed "corpora/nl-stories.txt"
};
BYTES(corpus_pt) = {
#embed "corpora/pt.txt"
};
BYTES(corpus_sv) = {
#embed "corpora/sv.txt"
};
BYTES(licence) = {
#embed "../../LICENSE"
};
BYTES(licences) = {
#embed "licences.txt"
};
BYTES(manual_atlas_md) = {
#embed "../../.github/manual/atlas.md"
};
BYTES(manual_check_schema_json) = {
#embed "../../.github/manual/check.schema.json"
};
BYTES(manual_cluster_md) = {
#embed "../../.github/manual/cluster.md"
};
BYTES(manual_compare_schema_json) = {
#embed "../../.github/manual/compare.schema.json"
};
BYTES(manual_concepts_md) = {
#embed "../../.github/manual/concepts.md"
};
BYTES(manual_json_md) = {
#embed "../../.github/manual/json.md"
};
BYTES(manual_models_schema_json) = {
#embed "../../.github/manual/models.schema.json"
};
BYTES(manual_plan_schema_json) = {
#embed "../../.github/manual/plan.schema.json"
};
BYTES(manual_python_md) = {
#embed "../../.github/manual/python.md"
};
BYTES(manual_recipes_md) = {
#embed "../../.github/manual/recipes.md"
};
BYTES(manual_verdict_md) = {
#embed "../../.github/manual/verdict.md"
};
BYTES(manual_work_schema_json) = {
#embed "../../.github/manual/work.schema.json"
};
BYTES(manual_verify_schema_json) = {
#embed "../../.github/manual/verify.schema.json"
};
BYTES(study_atlas_template) = {
#embed "studies/atlas-template.yml"
};
BYTES(study_demo) = {
#embed "studies/demo.yml"
};
BYTES(study_demo_atlas) = {
#embed "studies/demo-atlas.yml"
};
BYTES(study_demo_french) = {
#embed "studies/demo-french.yml"
};
BYTES(study_pythia) = {
#embed "studies/pythia-70m-v0.yml"
};
BYTES(study_smollm2) = {
#embed "studies/smollm2.yml"
};
BYTES(study_smollm2_europarl) = {
#embed "studies/smollm2-europarl.yml"
};
BYTES(study_template) = {
#embed "studies/template.yml"
};
BYTES(template_atlas_js) = {
#embed "../../Templates/atlas.js"
};
BYTES(template_atlas_mustache) = {
#embed "../../Templates/atlas.mustache"
};
BYTES(template_contents_mustache) = {
#embed "../../Templates/contents.mustache"
};
BYTES(template_icon_svg) = {
#embed "../../Templates/icon.svg"
};
BYTES(template_index_mustache) = {
#embed "../../Templates/index.mustache"
};
BYTES(template_page_mustache) = {
#embed "../../Templates/page.mustache"
};
BYTES(template_readme_md) = {
#embed "../../Templates/README.md"
};
BYTES(template_report_mustache) = {
#embed "../../Templates/report.mustache"
};
BYTES(template_site_js) = {
#embed "../../Templates/site.js"
};
BYTES(template_style_css) = {
#embed "../../Templates/style.css"
};

#define FILE_AT(path, name) {path, name, sizeof name}

static const struct embedded_file files[] = {
    FILE_AT("cluster/parallel/run.sh", cluster_parallel_run),
    FILE_AT("cluster/slurm/merge.sbatch", cluster_slurm_merge),
    FILE_AT("cluster/slurm/submit.sh", cluster_slurm_submit),
    FILE_AT("cluster/slurm/units.sbatch", cluster_slurm_units),
    FILE_AT("cluster/snakemake/slurm/config.yaml", cluster_snakemake_profile),
    FILE_AT("cluster/snakemake/Snakefile", cluster_snakemake_snakefile),
    FILE_AT("cluster/step.sh", cluster_step),
    FILE_AT("demo/config.json", demo_config),
    FILE_AT("demo/model.safetensors", demo_model),
    FILE_AT("demo/tokenizer.json", demo_tokenizer),
    FILE_AT("corpora/de.txt", corpus_de),
    FILE_AT("corpora/en.txt", corpus_en),
    FILE_AT("corpora/es.txt", corpus_es),
    FILE_AT("corpora/fr.txt", corpus_fr),
    FILE_AT("corpora/fr-daily.txt", corpus_fr_daily),
    FILE_AT("corpora/it.txt", corpus_it),
    FILE_AT("corpora/nl.txt", corpus_nl),
    FILE_AT("corpora/fr-stories.txt", stories_fr),
    FILE_AT("corpora/nl-stories.txt", stories_nl),
    FILE_AT("corpora/pt.txt", corpus_pt),
    FILE_AT("corpora/sv.txt", corpus_sv),
    FILE_AT("licences/LICENSE", licence),
    FILE_AT("licences/licences.txt", licences),
    FILE_AT("manual/atlas.md", manual_atlas_md),
    FILE_AT("manual/check.schema.json", manual_check_schema_json),
    FILE_AT("manual/cluster.md", manual_cluster_md),
    FILE_AT("manual/compare.schema.json", manual_compare_schema_json),
    FILE_AT("manual/concepts.md", manual_concepts_md),
    FILE_AT("manual/json.md", manual_json_md),
    FILE_AT("manual/models.schema.json", manual_models_schema_json),
    FILE_AT("manual/plan.schema.json", manual_plan_schema_json),
    FILE_AT("manual/python.md", manual_python_md),
    FILE_AT("manual/recipes.md", manual_recipes_md),
    FILE_AT("manual/verdict.md", manual_verdict_md),
    FILE_AT("manual/verify.schema.json", manual_verify_schema_json),
    FILE_AT("manual/work.schema.json", manual_work_schema_json),
    FILE_AT("studies/atlas-template.yml", study_atlas_template),
    FILE_AT("studies/demo.yml", study_demo),
    FILE_AT("studies/demo-atlas.yml", study_demo_atlas),
    FILE_AT("studies/demo-french.yml", study_demo_french),
    FILE_AT("studies/pythia-70m-v0.yml", study_pythia),
    FILE_AT("studies/smollm2.yml", study_smollm2),
    FILE_AT("studies/smollm2-europarl.yml", study_smollm2_europarl),
    FILE_AT("studies/template.yml", study_template),
    FILE_AT("templates/README.md", template_readme_md),
    FILE_AT("templates/atlas.js", template_atlas_js),
    FILE_AT("templates/atlas.mustache", template_atlas_mustache),
    FILE_AT("templates/contents.mustache", template_contents_mustache),
    FILE_AT("templates/icon.svg", template_icon_svg),
    FILE_AT("templates/index.mustache", template_index_mustache),
    FILE_AT("templates/page.mustache", template_page_mustache),
    FILE_AT("templates/report.mustache", template_report_mustache),
    FILE_AT("templates/site.js", template_site_js),
    FILE_AT("templates/style.css", template_style_css),
};

struct embedded_file embedded_file_at(size_t index) {
  if (index < sizeof files / sizeof *files) return files[index];
  return (struct embedded_file){0, 0, 0};
}
