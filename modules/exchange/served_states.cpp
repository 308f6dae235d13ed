#include "modules/exchange/served_states.hpp"

#include <algorithm>
#include <exception>

namespace ocpi::exchange {
namespace {

/// Of one session; a partner that polls reads one state again and again.
constexpr std::size_t max_states = 4;

void raise(std::optional<date_time>& mark, date_time to) noexcept
{
    if (!mark || *mark < to) mark = to;
}

date_time latest_of(const std::vector<session_state>& states) noexcept
{
    date_time latest = states.front().last_updated;
    for (const auto& each : states) latest = std::max(latest, each.last_updated);
    return latest;
}

/// Adds the state. Where there are too many, one of no revision stands for all of them.
void add(std::vector<session_state>& states, session_state state)
{
    const bool is_known = std::any_of(states.begin(), states.end(), [&](const session_state& each) {
        return each.revision == state.revision;
    });
    if (is_known) return;
    states.push_back(state);
    if (states.size() <= max_states) return;
    const session_state any(0, latest_of(states));
    states.assign(1, any);
}

}  // namespace

void served_states::note(const std::string& emsp, const std::string& session,
                         session_state state) noexcept
{
    const std::lock_guard lock(mutex_);
    try {
        auto& sessions = readers_[emsp].sessions;
        const auto [entry, is_new] = sessions.try_emplace(session);
        if (is_new) ++size_;
        add(entry->second, state);
    } catch (const std::exception&) {
        raise(unknown_up_to_, state.last_updated);
    }
    if (size_ > max_sessions_) sum_up_largest();
}

template <class Harmful>
bool served_states::has_state(const std::string& emsp, const std::string& session, date_time since,
                              Harmful is_harmful) const
{
    const std::lock_guard lock(mutex_);
    if (unknown_up_to_ && *unknown_up_to_ >= since) return true;
    const auto found = readers_.find(emsp);
    if (found == readers_.end()) return false;
    const auto& reader = found->second;
    if (reader.unknown_up_to && *reader.unknown_up_to >= since) return true;
    const auto states = reader.sessions.find(session);
    if (states == reader.sessions.end()) return false;
    return std::any_of(states->second.begin(), states->second.end(),
                       [&](const session_state& each) {
                           return each.last_updated >= since && is_harmful(each.revision);
                       });
}

bool served_states::is_certain(const std::string& emsp, const std::string& session,
                               session_state acknowledged) const
{
    return !has_state(emsp, session, acknowledged.last_updated,
                      [&](crud::revision revision) { return revision != acknowledged.revision; });
}

bool served_states::is_overtaken(const std::string& emsp, const std::string& session,
                                 session_state base, session_state sent) const
{
    return has_state(emsp, session, base.last_updated, [&](crud::revision revision) {
        return revision != base.revision && revision < sent.revision;
    });
}

void served_states::acknowledge(const std::string& emsp, const std::string& session,
                                session_state state)
{
    const std::lock_guard lock(mutex_);
    const auto reader = readers_.find(emsp);
    if (reader == readers_.end()) return;
    auto& sessions = reader->second.sessions;
    const auto found = sessions.find(session);
    if (found == sessions.end()) return;
    std::erase_if(found->second, [&](const session_state& each) {
        return each.last_updated < state.last_updated;
    });
    if (!found->second.empty()) return;
    sessions.erase(found);
    --size_;
}

std::size_t served_states::size() const
{
    const std::lock_guard lock(mutex_);
    return size_;
}

void served_states::sum_up_largest() noexcept
{
    const auto largest =
        std::max_element(readers_.begin(), readers_.end(), [](const auto& a, const auto& b) {
            return a.second.sessions.size() < b.second.sessions.size();
        });
    auto& [sessions, unknown_up_to] = largest->second;
    for (const auto& [name, states] : sessions) raise(unknown_up_to, latest_of(states));
    size_ -= sessions.size();
    sessions.clear();
}

}  // namespace ocpi::exchange
