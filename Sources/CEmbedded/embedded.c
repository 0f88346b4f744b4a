#include "CEmbedded.h"

// C23 #embed: a file's bytes in place, at a few milliseconds a megabyte.
#define BYTES(name) static const unsigned char name[]

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
BYTES(corpus_it) = {
#embed "corpora/it.txt"
};
BYTES(corpus_nl) = {
#embed "corpora/nl.txt"
};
BYTES(corpus_pt) = {
#embed "corpora/pt.txt"
};
BYTES(corpus_sv) = {
#embed "corpora/sv.txt"
};

#define FILE_AT(path, name) {path, name, sizeof name}

static const struct embedded_file files[] = {
    FILE_AT("demo/config.json", demo_config),
    FILE_AT("demo/model.safetensors", demo_model),
    FILE_AT("demo/tokenizer.json", demo_tokenizer),
    FILE_AT("corpora/de.txt", corpus_de),
    FILE_AT("corpora/en.txt", corpus_en),
    FILE_AT("corpora/es.txt", corpus_es),
    FILE_AT("corpora/fr.txt", corpus_fr),
    FILE_AT("corpora/it.txt", corpus_it),
    FILE_AT("corpora/nl.txt", corpus_nl),
    FILE_AT("corpora/pt.txt", corpus_pt),
    FILE_AT("corpora/sv.txt", corpus_sv),
};

struct embedded_file embedded_file_at(size_t index) {
  if (index < sizeof files / sizeof *files) return files[index];
  return (struct embedded_file){0, 0, 0};
}
