#include "app/table_reader.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace ocpi::app {

std::string table_reader::full_name(const std::string& key) const
{
    return path_.empty() ? key : path_ + '.' + key;
}

void table_reader::complain(const std::string& key, const std::string& what) const
{
    const auto* node = table_.get(key);
    const auto line = node ? node->source().begin.line : table_.source().begin.line;
    throw std::runtime_error(source_ + ':' + std::to_string(line) + ": " + full_name(key) + ' ' +
                             what);
}

const toml::node* table_reader::find(const std::string& key)
{
    asked_.insert(key);
    return table_.get(key);
}

std::optional<std::string> table_reader::text(const std::string& key)
{
    const auto* node = find(key);
    if (!node) return {};
    auto value = node->value_exact<std::string>();
    if (!value) complain(key, "must be a text in quotes");
    return value;
}

std::string table_reader::required_text(const std::string& key)
{
    auto value = text(key);
    if (!value) complain(key, "is missing");
    return std::move(*value);
}

std::optional<bool> table_reader::boolean(const std::string& key)
{
    const auto* node = find(key);
    if (!node) return {};
    const auto value = node->value_exact<bool>();
    if (!value) complain(key, "must be true or false");
    return value;
}

std::optional<time_zone> table_reader::zone(const std::string& key)
{
    const auto name = text(key);
    if (!name) return {};
    auto zone = time_zone::find(*name);
    if (!zone) {
        complain(key, "has \"" + *name +
                          "\", which this machine's time zone database does not; a time zone is "
                          "\"Europe/Madrid\" or \"UTC\"");
    }
    return zone;
}

std::optional<std::int64_t> table_reader::integer(const std::string& key, std::int64_t min,
                                                  std::int64_t max)
{
    const auto* node = find(key);
    if (!node) return {};
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < min || *value > max) {
        complain(key, "must be a whole number from " + std::to_string(min) + " to " +
                          std::to_string(max));
    }
    return value;
}

std::optional<double> table_reader::seconds(const std::string& key, double min, double max)
{
    const auto* node = find(key);
    if (!node) return {};
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value || !(*value >= min) || *value > max) {
        std::ostringstream range;
        range << std::setprecision(12) << "must be a number of seconds, at least " << min
              << " and at most " << max;
        complain(key, range.str());
    }
    return value;
}

std::optional<decimal> table_reader::positive_number(const std::string& key)
{
    const auto* node = find(key);
    if (!node) return {};
    const auto whole = node->value_exact<std::int64_t>();
    const auto fraction = node->value_exact<double>();
    std::optional<decimal> value;
    if (whole) {
        value = decimal::parse(std::to_string(*whole));
    } else if (fraction && std::isfinite(*fraction)) {
        std::array<char, 32> text{};
        const auto written = std::to_chars(text.data(), text.data() + text.size(), *fraction);
        value = decimal::parse(std::string_view(text.data(), written.ptr));
    }
    if (!value || value->is_zero() || value->is_negative()) {
        complain(key, "must be a number above 0");
    }
    return value;
}

std::vector<std::string> table_reader::texts(const std::string& key)
{
    const auto* node = find(key);
    if (!node) return {};
    const auto* array = node->as_array();
    if (!array) complain(key, "must be a list of texts");
    std::vector<std::string> values;
    for (const auto& element : *array) {
        const auto value = element.value_exact<std::string>();
        if (!value) complain(key, "must be a list of texts");
        values.push_back(*value);
    }
    return values;
}

void table_reader::table(const std::string& key, const std::function<void(table_reader&)>& read)
{
    const auto* node = find(key);
    if (!node) return;
    const auto* inner = node->as_table();
    if (!inner) complain(key, "must be a table: [" + full_name(key) + "]");
    table_reader reader(*inner, full_name(key), source_);
    read(reader);
    reader.finish();
}

void table_reader::tables(const std::string& key, const std::function<void(table_reader&)>& read)
{
    const auto* node = find(key);
    if (!node) return;
    const auto* array = node->as_array();
    if (!array || !array->is_homogeneous(toml::node_type::table)) {
        complain(key, "must be a list of tables: [[" + full_name(key) + "]]");
    }
    for (const auto& element : *array) {
        table_reader reader(*element.as_table(), full_name(key), source_);
        read(reader);
        reader.finish();
    }
}

void table_reader::finish() const
{
    for (const auto& [key, node] : table_) {
        const std::string name(key.str());
        if (asked_.count(name) == 0) complain(name, "is not a known key");
    }
}

}  // namespace ocpi::app
