#include "modules/exchange/page_intake.hpp"

#include "modules/sessions/codec.hpp"
#include "ocpi/base/backoff.hpp"
#include "ocpi/base/run_together.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace ocpi::exchange {
namespace {

using boost::asio::awaitable;
using partners::partner;

/// The address that a pulled Session gives itself.
crud::object_key own_key(json::value element)
{
    return crud::object_key(std::string(element.find_string("country_code")),
                            std::string(element.find_string("party_id")),
                            std::string(element.find_string("id")));
}

/// The one place where the text of a pulled Session is read. DateTimes are converted whatever the
/// profile: nobody receives an error for a list to correct it.
result<sessions::parsed_session> read_pulled(json::value element, const partner& from,
                                             const crud::object_key& key)
{
    const auto strict = from.profile == auth::profile::tolerant ? sessions::strictness::tolerant
                                                                : sessions::strictness::strict;
    return sessions::read_session(element.text(), sessions::body_kind::whole, strict, key,
                                  from.version, json::converted_timestamps);
}

void refuse(taken_object& taken, std::string id, std::string reason)
{
    taken.outcome = intake_outcome::refused;
    taken.id = std::move(id);
    taken.reason = std::move(reason);
}

/// True for what the store says of the session, not of itself.
bool is_about_session(const error& failure)
{
    return failure.code() == errc::invalid || failure.code() == errc::unreadable;
}

}  // namespace

awaitable<taken_objects> page_intake::take(const partner& from, const crawled_page& page,
                                           std::size_t first) const
{
    taken_objects taken;
    const auto end = std::min(page.objects.size(), first + limits_.max_concurrent);
    taken.each.resize(end - first);
    for (std::size_t index = first; index < end; ++index) taken.each[index - first].index = index;
    auto queues = read_some(from, page, taken.each);
    co_await store_all(queues);
    std::size_t first_failed = end;
    for (const auto& of_session : queues) {
        for (const auto& each : of_session) {
            if (!each.failure || each.taken->index >= first_failed) continue;
            first_failed = each.taken->index;
            taken.failure = each.failure;
        }
    }
    co_return taken;
}

/// Those that can be read, by session.
std::vector<page_intake::queue> page_intake::read_some(const partner& from,
                                                       const crawled_page& page,
                                                       std::vector<taken_object>& into) const
{
    std::vector<queue> queues;
    std::map<std::string, std::size_t> places;
    for (auto& taken : into) {
        auto sound = read(from, page, taken);
        if (!sound) continue;
        const auto [place, is_new] = places.try_emplace(sound->key.folded(), queues.size());
        if (is_new) queues.emplace_back();
        queues[place->second].push_back(std::move(*sound));
    }
    return queues;
}

/// std::nullopt when the element is refused.
std::optional<page_intake::candidate> page_intake::read(const partner& from,
                                                        const crawled_page& page,
                                                        taken_object& into) const
{
    if (const auto* lost = page.find_lost(into.index)) {
        refuse(into, lost->id, lost->reason);
        return std::nullopt;
    }
    const auto element = page.objects[into.index];
    auto key = own_key(element);
    auto pulled = read_pulled(element, from, key);
    if (pulled.has_error()) {
        refuse(into, key.id.str(), pulled.error().text());
        return std::nullopt;
    }
    const auto& owners = dependencies_.owners;
    if (std::find(owners.begin(), owners.end(), key.owner()) == owners.end()) {
        refuse(into, key.id.str(), to_string(key.owner()) + " is no CPO of this partner");
        return std::nullopt;
    }
    into.last_updated = pulled->fields.last_updated;
    return candidate(std::move(key), std::move(*pulled), into);
}

bool page_intake::is_open(const queue& of_session)
{
    return std::any_of(of_session.begin(), of_session.end(), [](const candidate& each) {
        return each.taken->outcome == intake_outcome::open;
    });
}

bool page_intake::has_failed(const queue& of_session)
{
    return std::any_of(of_session.begin(), of_session.end(), [](const candidate& each) {
        return each.failure && each.failure->code() != errc::overloaded;
    });
}

awaitable<void> page_intake::store_all(std::vector<queue>& queues) const
{
    const backoff waits{limits_.store_retry_delay};
    for (unsigned retries = 0;; ++retries) {
        std::vector<awaitable<void>> writes;
        for (auto& of_session : queues) {
            if (is_open(of_session)) writes.push_back(store_in_order(of_session));
        }
        if (writes.empty()) co_return;
        co_await run_together(std::move(writes));
        const bool may_retry = std::none_of(queues.begin(), queues.end(), has_failed) &&
                               std::any_of(queues.begin(), queues.end(), is_open);
        if (!may_retry || retries >= limits_.store_retries) co_return;
        co_await dependencies_.pause(waits.about(retries + 1, jitter_source()));
    }
}

/// Up to the first that the store does not take.
awaitable<void> page_intake::store_in_order(queue& of_session) const
{
    for (auto& each : of_session) {
        auto& taken = *each.taken;
        if (taken.outcome != intake_outcome::open) continue;
        each.failure.reset();
        const auto written = co_await dependencies_.sessions->apply_pulled(
            each.key, each.pulled, dependencies_.time->now(), dependencies_.through);
        if (written.has_value()) {
            taken.outcome = written->changed ? intake_outcome::applied : intake_outcome::unchanged;
        } else if (is_about_session(written.error())) {
            refuse(taken, each.key.id.str(), written.error().text());
        } else {
            each.failure = written.error();
            co_return;
        }
    }
}

}  // namespace ocpi::exchange
