#pragma once

#include <stddef.h>

/// One file that the program carries.
struct embedded_file {
  const char *path;
  const unsigned char *bytes;
  size_t count;
};

/// File number `index`, or one whose path is NULL past the last. Paths name a folder of their own:
/// `demo/config.json`, `corpora/nl.txt`, `studies/demo.yml`, `templates/style.css`.
struct embedded_file embedded_file_at(size_t index);
