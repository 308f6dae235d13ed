#pragma once

#include "http/answer.hpp"
#include "http/body_stream.hpp"

#include <memory>
#include <string>
#include <string_view>

/// Tables as CSV [RFC 4180] in UTF-8.
namespace ocpi::http {

/// One line of a table.
class csv_line {
public:
    /// Quoted where necessary. A text that a spreadsheet would take for a formula, one that begins
    /// with = + - @, a tab or a line end, gets an apostrophe before it; a negative number does not.
    csv_line& cell(std::string_view text);

    /// The line with its end; the object must not be used again.
    std::string finish();

private:
    std::string text_;
    bool is_first_ = true;
};

/// The answer with a table as a file of that name. `table` supplies its lines.
answer make_csv_answer(std::shared_ptr<body_stream> table, std::string_view file_name);

/// The same with a table that is there already.
answer make_csv_answer(std::string table, std::string_view file_name);

}  // namespace ocpi::http
