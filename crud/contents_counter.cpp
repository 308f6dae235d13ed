#include "crud/contents_counter.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace ocpi::crud {
namespace {

/// The values of a record as docs/operations.md defines its line, and crud/sqlite/record_hash
/// writes it.
class line_writer {
public:
    explicit line_writer(std::string& to) : to_(to) { to_.clear(); }

    void add(std::string_view value)
    {
        to_ += std::to_string(value.size());
        to_ += ':';
        to_ += value;
    }
    void add_number(std::int64_t value) { add(std::to_string(value)); }
    void add_number(const std::optional<std::int64_t>& value)
    {
        if (value) return add_number(*value);
        add_null();
    }
    void add_unless_empty(std::string_view value)
    {
        if (!value.empty()) return add(value);
        add_null();
    }
    void add_null() { to_ += '-'; }

private:
    std::string& to_;
};

void add_summary(line_writer& line, const std::optional<summary>& known)
{
    if (!known) {
        for (int i = 0; i < 6; ++i) line.add_null();
        return;
    }
    std::optional<std::int64_t> started_at;
    if (known->started_at) started_at = known->started_at->milliseconds();
    line.add(known->category);
    line.add_number(started_at);
    line.add_number(known->kwh);
    line.add_number(known->cost);
    line.add(known->currency);
    line.add(known->search_text);
}

void write_line(std::string& to, const stored_record& read)
{
    const auto& stored = read.record.document;
    line_writer line(to);
    line.add_number(static_cast<std::int64_t>(read.sequence));
    line.add(read.module);
    line.add(stored.key.country_code.str());
    line.add(stored.key.party_id.str());
    line.add(stored.key.id.str());
    line.add_number(static_cast<std::int64_t>(read.record.revision));
    line.add_number(stored.last_updated.milliseconds());
    if (stored.emsp) {
        line.add(stored.emsp->country_code.str());
        line.add(stored.emsp->party_id.str());
    } else {
        line.add_null();
        line.add_null();
    }
    if (stored.contract) {
        line.add(stored.contract->str());
    } else {
        line.add_null();
    }
    line.add_unless_empty(stored.secondary_key);
    line.add_unless_empty(stored.sort_key);
    add_summary(line, stored.summary);
    line.add(stored.json);
    to += '\n';
}

}  // namespace

void contents_counter::add(const stored_record& read)
{
    write_line(line_, read);
    hash_.add(line_);
    auto& module = modules_[read.module];
    module.hash.add(line_);
    ++module.records;
    ++contents_.records;
}

contents_counter::outcome contents_counter::finish(revision last_revision)
{
    outcome made;
    hash_.add(std::to_string(last_revision) + "\n");
    contents_.last_revision = last_revision;
    contents_.hash = hash_.finish();
    for (auto& [name, module] : modules_) {
        contents_.modules.push_back({name, module.records});
        made.module_hashes.emplace(name, module.hash.finish());
    }
    made.contents = std::move(contents_);
    return made;
}

}  // namespace ocpi::crud
