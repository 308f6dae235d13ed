#include "app/table_reader.hpp"

#include <algorithm>
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

void table_reader::note(const std::string& key, const std::string& what) const
{
    const auto* node = table_.get(key);
    const auto line = node ? node->source().begin.line : table_.source().begin.line;
    const auto place = source_ + ':' + std::to_string(line) + ": " + full_name(key) + ' ';
    if (!faults_) throw std::runtime_error(place + what);
    // The first fault of a value may be the cause of another.
    const bool is_known = std::any_of(faults_->begin(), faults_->end(),
                                      [&](const auto& fault) { return fault.starts_with(place); });
    if (!is_known) faults_->push_back(place + what);
}

void table_reader::complain(const std::string& key, const std::string& what) const
{
    note(key, what);
    throw reading_ends();
}

void table_reader::run(const std::function<void(table_reader&)>& read)
{
    try {
        read(*this);
    } catch (const reading_ends&) {
        return;  // the other keys were not asked for yet
    }
    finish();
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
    if (!value) note(key, "must be a text in quotes");
    return value;
}

std::string table_reader::required_text(const std::string& key)
{
    auto value = text(key);
    if (!value && !table_.contains(key)) note(key, "is missing");
    return value ? std::move(*value) : std::string();
}

std::optional<bool> table_reader::boolean(const std::string& key)
{
    const auto* node = find(key);
    if (!node) return {};
    const auto value = node->value_exact<bool>();
    if (!value) note(key, "must be true or false");
    return value;
}

std::optional<time_zone> table_reader::zone(const std::string& key)
{
    const auto name = text(key);
    if (!name) return {};
    auto zone = time_zone::find(*name);
    if (!zone) {
        note(key, "has \"" + *name +
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
        note(key,
             "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
        return {};
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
        note(key, range.str());
        return {};
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
        note(key, "must be a number above 0");
        return {};
    }
    return value;
}

std::vector<std::string> table_reader::texts(const std::string& key)
{
    const auto* node = find(key);
    if (!node) return {};
    const auto* array = node->as_array();
    std::vector<std::string> values;
    bool is_list = array != nullptr;
    for (std::size_t i = 0; is_list && i < array->size(); ++i) {
        auto value = array->get(i)->value_exact<std::string>();
        is_list = value.has_value();
        if (value) values.push_back(std::move(*value));
    }
    if (!is_list) note(key, "must be a list of texts");
    return values;
}

void table_reader::table(const std::string& key, const std::function<void(table_reader&)>& read)
{
    const auto* node = find(key);
    if (!node) return;
    const auto* inner = node->as_table();
    if (!inner) return note(key, "must be a table: [" + full_name(key) + "]");
    table_reader reader(*inner, full_name(key), source_, faults_);
    reader.run(read);
}

void table_reader::tables(const std::string& key, const std::function<void(table_reader&)>& read)
{
    const auto* node = find(key);
    if (!node) return;
    const auto* array = node->as_array();
    if (!array || !array->is_homogeneous(toml::node_type::table)) {
        return note(key, "must be a list of tables: [[" + full_name(key) + "]]");
    }
    for (const auto& element : *array) {
        table_reader reader(*element.as_table(), full_name(key), source_, faults_);
        reader.run(read);
    }
}

void table_reader::finish() const
{
    for (const auto& [key, node] : table_) {
        const std::string name(key.str());
        if (asked_.count(name) == 0) note(name, "is not a known key");
    }
}

}  // namespace ocpi::app
