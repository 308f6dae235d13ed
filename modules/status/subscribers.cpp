#include "modules/status/subscribers.hpp"

#include "modules/status/event_stream.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <utility>

namespace ocpi::status {
namespace {

using index = std::unordered_map<std::string, subscribers::members>;

void remove(index& from, const std::string& name, event_stream& leaver)
{
    const auto entry = from.find(name);
    if (entry == from.end()) return;
    entry->second.erase(&leaver);
    if (entry->second.empty()) from.erase(entry);
}

bool is_of_all(const event_stream& stream)
{
    return !stream.scope().session && !stream.scope().filter;
}

const subscribers::members& find(const index& in, const std::string& name)
{
    static const subscribers::members none;
    const auto entry = in.find(name);
    return entry == in.end() ? none : entry->second;
}

}  // namespace

bool subscribers::enter(event_stream& newcomer)
{
    const std::lock_guard lock(mutex_);
    if (is_closed_) return false;
    newcomer.beat_slot = turn_;
    slots_[turn_].insert(&newcomer);
    ++size_;
    if (is_of_all(newcomer)) of_all_.insert(&newcomer);
    auto& topics = newcomer.scope().session ? by_session_ : by_contract_;
    for (const auto& topic : newcomer.topics()) topics[topic].insert(&newcomer);
    return true;
}

void subscribers::leave(event_stream& leaver) noexcept
{
    const std::lock_guard lock(mutex_);
    if (slots_[leaver.beat_slot].erase(&leaver) == 0) return;
    --size_;
    of_all_.erase(&leaver);
    auto& topics = leaver.scope().session ? by_session_ : by_contract_;
    for (const auto& topic : leaver.topics()) remove(topics, topic, leaver);
}

void subscribers::close()
{
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
}

/// A stream on its way out is a member until its destructor has called leave().
void subscribers::add_alive(listeners& found, const members& among)
{
    found.reserve(found.size() + among.size());
    for (auto* member : among) {
        if (auto alive = member->weak_from_this().lock()) found.push_back(std::move(alive));
    }
}

bool subscribers::wants(const std::string& session) const
{
    const std::lock_guard lock(mutex_);
    return !of_all_.empty() || !by_contract_.empty() || by_session_.count(session) != 0;
}

subscribers::listeners subscribers::listeners_of(const session_event& event) const
{
    listeners found;
    const auto contract = contract_key(event.contract_id).str();
    const std::lock_guard lock(mutex_);
    add_alive(found, find(by_session_, event.session));
    if (!contract.empty()) add_alive(found, find(by_contract_, contract));
    add_alive(found, of_all_);
    return found;
}

subscribers::listeners subscribers::all() const
{
    listeners found;
    const std::lock_guard lock(mutex_);
    for (const auto& slot : slots_) add_alive(found, slot);
    return found;
}

subscribers::listeners subscribers::take_turn()
{
    listeners found;
    const std::lock_guard lock(mutex_);
    turn_ = (turn_ + 1) % heartbeat_slots;
    add_alive(found, slots_[turn_]);
    return found;
}

}  // namespace ocpi::status
