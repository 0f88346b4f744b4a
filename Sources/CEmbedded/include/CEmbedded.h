#pragma once

#include <stddef.h>

/// One file that is compiled into the program.
struct embedded_file {
  const char *path;
  const unsigned char *bytes;
  size_t count;
};

/// File number `index`; its path is NULL if `index` is past the last. Paths are relative to a
/// folder that exists only here: `demo/config.json`, `corpora/nl.txt`, `studies/demo.yml`,
/// `templates/style.css`.
struct embedded_file embedded_file_at(size_t index);
