#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ocpi::test {

/// One line of a table of cases: what is expected, why, and the bytes.
struct table_case {
    std::string expected;
    std::string why;
    std::string bytes;
};

/// Reads the lines `expected | why | bytes` of a file below the project's root. Lines that are
/// empty or begin with # are passed over. In bytes: \r \n \t \0 \xHH and \\, when `has_escapes`,
/// and {N:text}, which is the text N times. Throws std::runtime_error.
std::vector<table_case> read_cases(const std::string& path, bool has_escapes);

/// The bytes that such a text stands for.
std::string expand_bytes(std::string_view text, bool has_escapes);

}  // namespace ocpi::test
