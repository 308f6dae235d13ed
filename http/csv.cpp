#include "http/csv.hpp"

#include "ocpi/base/decimal.hpp"

#include <atomic>
#include <optional>
#include <utility>

namespace ocpi::http {
namespace {

constexpr std::string_view line_end = "\r\n";

bool is_formula(std::string_view text)
{
    constexpr std::string_view beginnings("=+-@\t\r\n");
    if (text.empty() || beginnings.find(text.front()) == beginnings.npos) return false;
    return text.front() != '-' || !decimal::parse(text);
}

class whole_table final : public body_stream {
public:
    explicit whole_table(std::string text) : text_(std::move(text)) {}

    boost::asio::awaitable<std::optional<std::string>> next() override
    {
        auto piece = std::exchange(text_, std::nullopt);
        if (is_closed_) piece.reset();
        co_return piece;
    }

    void close() noexcept override { is_closed_ = true; }

private:
    std::optional<std::string> text_;
    std::atomic<bool> is_closed_ = false;
};

}  // namespace

csv_line& csv_line::cell(std::string_view text)
{
    if (!is_first_) text_ += ',';
    is_first_ = false;
    const bool is_quoted = text.find_first_of(",\"\r\n") != text.npos;
    if (is_quoted) text_ += '"';
    if (is_formula(text)) text_ += '\'';
    for (const char c : text) {
        if (c == '"') text_ += '"';
        text_ += c;
    }
    if (is_quoted) text_ += '"';
    return *this;
}

std::string csv_line::finish()
{
    text_ += line_end;
    return std::move(text_);
}

answer make_csv_answer(std::shared_ptr<body_stream> table, std::string_view file_name)
{
    answer answered;
    answered.stream = std::move(table);
    answered.headers.add("Content-Type", "text/csv; charset=utf-8");
    answered.headers.add("Content-Disposition",
                         "attachment; filename=\"" + std::string(file_name) + '"');
    answered.headers.add("Cache-Control", "no-store");
    return answered;
}

answer make_csv_answer(std::string table, std::string_view file_name)
{
    return make_csv_answer(std::make_shared<whole_table>(std::move(table)), file_name);
}

}  // namespace ocpi::http
