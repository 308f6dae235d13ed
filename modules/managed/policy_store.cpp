#include "modules/managed/policy_store.hpp"

#include "modules/managed/managed_session.hpp"
#include "modules/managed/policy_codec.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace ocpi::managed {
namespace {

using crud::interface_side;

constexpr std::string_view policies_module = "policies";

crud::object_key key_of(std::string id)
{
    return crud::object_key(std::move(id));
}

crud::document write_policy_record(crud::object_key key, const stored_policy& stored)
{
    json::object_writer written;
    written.raw("policy", write_policy(stored.rule))
        .raw("upcoming", write_target_log(stored.upcoming));
    if (stored.current) {
        json::object_writer current;
        current.string("country_code", stored.current->country_code.str())
            .string("party_id", stored.current->party_id.str())
            .string("id", stored.current->id.str());
        written.raw("current", current.finish());
    }
    if (stored.last_session_start)
        written.string("latestStart", to_string(*stored.last_session_start));
    if (stored.revision) {
        written.integer("created", static_cast<std::int64_t>(stored.created))
            .integer("ruledSince", static_cast<std::int64_t>(stored.rule_revision));
    }
    return crud::document(std::move(key), written.finish(), date_time(), {});
}

error no_such_policy()
{
    return error(errc::not_found, "there is no such policy");
}

error damaged_policy()
{
    return error(errc::storage, "the stored policy cannot be read");
}

/// As it was written down at the first change of the record; until then it is the record's own.
crud::revision revision_of(json::value object, std::string_view name, crud::revision own)
{
    const auto member = object.find(name);
    if (!member) return own;
    const auto text = member->text();
    crud::revision read = own;
    std::from_chars(text.data(), text.data() + text.size(), read);
    return read;
}

result<stored_policy> read_policy_record(const crud::record& record)
{
    const auto parsed = json::parse(record.document.json);
    if (parsed.has_error()) return damaged_policy();
    const auto root = parsed->root();
    const auto rule_text = root.find("policy");
    const auto log_text = root.find("upcoming");
    if (!rule_text || !log_text) return damaged_policy();
    const auto rule_document = json::parse(rule_text->text());
    if (rule_document.has_error()) return damaged_policy();
    auto rule = read_policy(*rule_document, record.document.key.id.str());
    if (rule.has_error()) return damaged_policy();
    auto upcoming = read_target_log(*log_text);
    if (upcoming.has_error()) return upcoming.error();

    stored_policy stored;
    stored.rule = std::move(*rule);
    stored.upcoming = std::move(*upcoming);
    if (const auto current = root.find("current")) {
        stored.current.emplace(std::string(current->find_string("country_code")),
                               std::string(current->find_string("party_id")),
                               std::string(current->find_string("id")));
    }
    if (const auto latest = parse_date_time(std::string(root.find_string("latestStart")))) {
        stored.last_session_start = latest->value;
    }
    stored.revision = record.revision;
    stored.created = revision_of(root, "created", record.revision);
    stored.rule_revision = revision_of(root, "ruledSince", record.revision);
    return stored;
}

/// Each contract once, however often a policy spells it.
std::vector<ci_string> distinct_keys(const std::vector<ci_string>& contracts)
{
    std::set<std::string> keys;
    for (const auto& key : contract_keys(contracts)) keys.insert(key.str());
    std::vector<ci_string> distinct;
    for (const auto& key : keys) distinct.emplace_back(key);
    return distinct;
}

}  // namespace

policy_store::policy_store(std::shared_ptr<Crud> crud)
    : crud_(std::move(crud)),
      records_(crud_, policies_module, interface_side::sender,
               crud::codec<stored_policy>{write_policy_record, read_policy_record}),
      usual_age_(crud_->leases() ? no_age : max_age)
{
}

boost::asio::awaitable<result<stored_policy>> policy_store::find(std::string id)
{
    auto found = co_await records_.find(key_of(id));
    if (found.has_error()) co_return found.error();
    if (*found) co_return std::move((*found)->value);
    // Another process may have removed it.
    forget(id);
    co_return no_such_policy();
}

boost::asio::awaitable<result<void>> policy_store::save(stored_policy& changed)
{
    const auto saved = co_await records_.save(key_of(changed.rule.id), changed, changed.revision);
    if (saved.has_error()) co_return saved.error();
    if (!changed.revision) changed.created = changed.rule_revision = *saved;
    changed.revision = *saved;
    remember(changed);
    co_return result<void>();
}

boost::asio::awaitable<result<void>> policy_store::remove(std::string id)
{
    const auto removed = co_await records_.remove(key_of(id));
    if (removed.has_error()) {
        if (removed.error().code() == errc::not_found) co_return no_such_policy();
        co_return removed.error();
    }
    forget(id);
    co_return result<void>();
}

boost::asio::awaitable<result<std::vector<std::string>>> policy_store::ids(
    contract_scope of_contracts)
{
    const auto refreshed = co_await refresh();
    if (refreshed.has_error()) co_return refreshed.error();
    const std::lock_guard lock(mutex_);
    std::map<crud::revision, std::string> found;
    if (of_contracts) {
        for (const auto& contract : *of_contracts) {
            const auto policies = by_contract_.find(contract_key(contract).str());
            if (policies == by_contract_.end()) continue;
            for (const auto& id : policies->second) found.emplace(known_.at(id).created, id);
        }
    } else {
        for (const auto& [id, known] : known_) found.emplace(known.created, id);
    }
    std::vector<std::string> in_order;
    for (auto& [created, id] : found) in_order.push_back(std::move(id));
    co_return in_order;
}

boost::asio::awaitable<result<std::optional<std::string>>> policy_store::matching(
    const sessions::session& of)
{
    const auto refreshed = co_await refresh();
    if (refreshed.has_error()) co_return refreshed.error();
    co_return co_await recently_matching(of);
}

boost::asio::awaitable<result<std::optional<std::string>>> policy_store::recently_matching(
    const sessions::session& of)
{
    const auto refreshed = co_await refresh(max_age);
    if (refreshed.has_error()) co_return refreshed.error();
    std::optional<std::string> oldest;
    if (!of.cdr_token) co_return oldest;
    for (;;) {
        oldest = find_match(of.cdr_token->contract_id, of);
        if (!oldest || usual_age_ != no_age) co_return oldest;
        // What another process has removed is in no list of changes.
        const auto found = co_await find(*oldest);
        if (found.has_value()) co_return oldest;
        if (found.error().code() != errc::not_found) co_return found.error();
    }
}

/// The oldest policy of that contract, as the index has it, at the session's location.
std::optional<std::string> policy_store::find_match(const ci_string& contract,
                                                    const sessions::session& of) const
{
    const std::lock_guard lock(mutex_);
    std::optional<std::string> oldest;
    const auto policies = by_contract_.find(contract_key(contract).str());
    if (policies == by_contract_.end()) return oldest;
    for (const auto& id : policies->second) {
        const auto& known = known_.at(id);
        if (!is_at(known.location, of)) continue;
        if (!oldest || known.created < known_.at(*oldest).created) oldest = id;
    }
    return oldest;
}

std::vector<std::string> policy_store::known_ids(const ci_string& contract) const
{
    const std::lock_guard lock(mutex_);
    const auto found = by_contract_.find(contract_key(contract).str());
    if (found == by_contract_.end()) return {};
    return found->second;
}

bool policy_store::has_policies() const
{
    const std::lock_guard lock(mutex_);
    return !known_.empty();
}

bool policy_store::is_fresh(clock::time_point since) const
{
    const std::lock_guard lock(mutex_);
    return refreshed_at_ && *refreshed_at_ >= since;
}

boost::asio::awaitable<result<void>> policy_store::refresh(std::chrono::milliseconds age)
{
    const auto since = clock::now() - age;
    if (is_fresh(since)) co_return result<void>();
    // One at a time: those who wait have it read for them by one of them.
    const auto turn = co_await reading_.take(std::string(policies_module));
    if (is_fresh(since)) co_return result<void>();
    const auto begun = clock::now();
    const auto read = co_await read_changes();
    if (read.has_error()) co_return read;
    const std::lock_guard lock(mutex_);
    refreshed_at_ = begun;
    co_return result<void>();
}

boost::asio::awaitable<result<void>> policy_store::read_changes()
{
    crud::changes_query query;
    query.limit = 1000;
    {
        const std::lock_guard lock(mutex_);
        query.after = seen_;
    }
    for (;;) {
        const auto page =
            co_await crud_->list_changes(policies_module, interface_side::sender, query);
        if (page.has_error()) co_return page.error();
        for (const auto& record : page->records) {
            const auto stored = read_policy_record(record);
            if (stored.has_value()) {
                collect(stored->rule);
                remember(*stored);
            }
            query.after = record.revision;
        }
        if (page->is_last_page) break;
    }
    const std::lock_guard lock(mutex_);
    seen_ = std::max(seen_, query.after);
    co_return result<void>();
}

void policy_store::collect_new_contracts()
{
    const std::lock_guard lock(mutex_);
    new_contracts_.emplace();
}

std::vector<ci_string> policy_store::take_new_contracts()
{
    const std::lock_guard lock(mutex_);
    if (!new_contracts_) return {};
    return std::exchange(*new_contracts_, {});
}

void policy_store::collect(const policy& found)
{
    const std::lock_guard lock(mutex_);
    if (!new_contracts_) return;
    const auto known = known_.find(found.id);
    const auto contracts = distinct_keys(found.contract_ids);
    if (known != known_.end() && known->second.contracts == contracts) return;
    new_contracts_->insert(new_contracts_->end(), contracts.begin(), contracts.end());
}

void policy_store::remember(const stored_policy& stored)
{
    const auto& rule = stored.rule;
    const std::lock_guard lock(mutex_);
    forget_locked(rule.id);
    auto contracts = distinct_keys(rule.contract_ids);
    for (const auto& contract : contracts) by_contract_[contract.str()].push_back(rule.id);
    known_.emplace(rule.id, known_policy{stored.created, std::move(contracts), rule.location});
}

void policy_store::forget(const std::string& id)
{
    const std::lock_guard lock(mutex_);
    forget_locked(id);
}

void policy_store::forget_locked(const std::string& id)
{
    const auto known = known_.find(id);
    if (known == known_.end()) return;
    for (const auto& contract : known->second.contracts) {
        const auto policies = by_contract_.find(contract.str());
        std::erase(policies->second, id);
        if (policies->second.empty()) by_contract_.erase(policies);
    }
    known_.erase(known);
}

}  // namespace ocpi::managed
