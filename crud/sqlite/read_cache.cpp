#include "crud/sqlite/read_cache.hpp"

#include "crud/errors.hpp"

#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// Of the record's own texts, and of the entries that lead to it.
constexpr std::size_t bookkeeping = 1100;

/// The same for every spelling of the key. Parties and modules have no zero bytes.
std::string cache_key(std::string_view module, const object_key& key)
{
    std::string text;
    text.reserve(module.size() + key.country_code.str().size() + key.party_id.str().size() +
                 key.id.str().size() + 3);
    for (const auto* part : {&key.country_code, &key.party_id, &key.id}) {
        text.append(part->str()) += '\0';
    }
    text = fold_case(text);
    return text.append(module);
}

std::string secondary_cache_key(std::string_view module, std::string_view secondary_key)
{
    std::string text(secondary_key);
    return (text += '\0').append(module);
}

std::size_t cost_of(const std::shared_ptr<const record>& kept)
{
    if (!kept) return bookkeeping / 3;
    const auto& document = kept->document;
    const auto text = document.summary ? document.summary->search_text.size() : 0;
    return document.json.size() + text + bookkeeping;
}

}  // namespace

read_cache::read_cache(std::size_t max_bytes)
    : max_bytes_(max_bytes), records_(max_bytes), by_secondary_key_(max_bytes / bookkeeping)
{
}

read_cache::ticket read_cache::begin_reading(std::string_view module)
{
    const std::lock_guard lock(mutex_);
    (void)is_current();  // what another process has committed before is seen by the read
    return state_of(module).latest;
}

std::optional<result<record>> read_cache::find(std::string_view module, const object_key& key)
{
    const auto wanted = cache_key(module, key);
    std::optional<std::shared_ptr<const record>> found;
    {
        const std::lock_guard lock(mutex_);
        if (is_current()) found = records_.find(wanted);
    }
    if (!found) return std::nullopt;
    if (!*found) return result<record>(no_such_record());
    return result<record>(**found);
}

std::shared_ptr<const record> read_cache::find_by_secondary_key(std::string_view module,
                                                                std::string_view secondary_key)
{
    const auto wanted = secondary_cache_key(module, secondary_key);
    const std::lock_guard lock(mutex_);
    if (!is_current()) return nullptr;
    const auto key = by_secondary_key_.find(wanted);
    if (!key) return nullptr;
    const auto found = records_.find(*key);
    const bool has_it = found && *found && (*found)->document.secondary_key == secondary_key;
    return has_it ? *found : nullptr;
}

bool read_cache::is_known_empty(std::string_view module, const sort_range& range)
{
    if (!range.above || !range.below) return false;
    const std::lock_guard lock(mutex_);
    if (!is_current()) return false;
    const auto& empty = state_of(module).empty;
    return empty && empty->above <= *range.above && (!empty->next || *range.below <= *empty->next);
}

void read_cache::keep(ticket since, std::string_view module, const object_key& key,
                      const result<record>& found)
{
    if (found.has_error() && found.error().code() != errc::not_found) return;
    std::shared_ptr<const record> now;
    if (found.has_value()) now = std::make_shared<const record>(*found);
    const std::lock_guard lock(mutex_);
    if (state_of(module).latest == since) put(module, key, std::move(now));
}

void read_cache::keep_gap(ticket since, std::string_view module, std::string above,
                          std::optional<std::string> next)
{
    const std::lock_guard lock(mutex_);
    auto& state = state_of(module);
    if (state.latest == since) state.empty = gap{std::move(above), std::move(next)};
}

void read_cache::watch(const volatile void* log_index)
{
    const std::lock_guard lock(mutex_);
    log_index_ = log_index;
}

void read_cache::begin_changes()
{
    const std::lock_guard lock(mutex_);
    is_changing_ = false;
    (void)is_current();
    is_changing_ = true;
}

void read_cache::apply(std::vector<record_change> changes)
{
    const std::lock_guard lock(mutex_);
    is_changing_ = false;
    if (!log_index_ || changes.empty()) return;
    // Another process may have committed since: then its changes are not among these.
    const auto now = read_log_header(log_index_);
    if (now.change_count() != known_.change_count() + 1) return;
    known_ = now;
    for (auto& each : changes) {
        auto& state = state_of(each.module);
        ++state.latest;
        if (each.now && state.empty) {
            const auto& place = each.now->document.sort_key;
            auto& [above, next] = *state.empty;
            if (above < place && (!next || place < *next)) next = place;
        }
        put(each.module, each.key, std::move(each.now));
    }
}

void read_cache::abandon_changes()
{
    const std::lock_guard lock(mutex_);
    is_changing_ = false;
}

void read_cache::end_restart()
{
    const std::lock_guard lock(mutex_);
    is_changing_ = false;
    if (!log_index_) return;
    const auto now = read_log_header(log_index_);
    if (now.change_count() == known_.change_count()) known_ = now;
}

/// While this process commits, what the header says is not known yet.
bool read_cache::is_current()
{
    if (!log_index_) return false;
    const auto now = read_log_header(log_index_);
    if (now == known_) return true;
    if (!is_changing_) {
        forget();
        known_ = now;
    }
    return false;
}

void read_cache::forget()
{
    records_.clear();
    by_secondary_key_.clear();
    for (auto& [name, state] : modules_) {
        ++state.latest;
        state.empty.reset();
    }
}

void read_cache::put(std::string_view module, const object_key& key,
                     std::shared_ptr<const record> now)
{
    auto place = cache_key(module, key);
    const auto cost = cost_of(now);
    if (cost > max_bytes_ / 8) return records_.erase(place);  // it would push out many others
    if (now && !now->document.secondary_key.empty()) {
        by_secondary_key_.put(secondary_cache_key(module, now->document.secondary_key), place);
    }
    records_.put(place, std::move(now), cost);
}

read_cache::module_state& read_cache::state_of(std::string_view module)
{
    const auto known = modules_.find(module);
    if (known != modules_.end()) return known->second;
    return modules_.emplace(std::string(module), module_state()).first->second;
}

}  // namespace ocpi::crud::sqlite
