#include "tests/support/history.hpp"

#include <algorithm>
#include <set>

namespace ocpi::test {
namespace {

constexpr tick never_ended = ~tick{0};

tick end_instant(const operation& done)
{
    return done.how == operation::outcome::unknown ? never_ended : done.ended;
}

bool precedes(const operation& first, const operation& second)
{
    return end_instant(first) < second.begun;
}

/// The operations on one session.
class session_checker {
public:
    void add(const operation& done)
    {
        if (done.what == operation::kind::write) {
            writes_[done.value] = &done;
        } else if (done.how == operation::outcome::acknowledged) {
            reads_.push_back(&done);
        }
    }

    std::string find_violation()
    {
        for (const auto* read : reads_) {
            if (auto wrong = check_alone(*read); !wrong.empty()) return wrong;
        }
        std::stable_sort(reads_.begin(), reads_.end(), [](const auto* a, const auto* b) {
            return size_of(*a) != size_of(*b) ? size_of(*a) < size_of(*b) : a->begun < b->begun;
        });
        for (std::size_t i = 1; i < reads_.size(); ++i) {
            if (auto wrong = check_in_turn(*reads_[i - 1], *reads_[i]); !wrong.empty()) {
                return wrong;
            }
        }
        return check_time();
    }

private:
    static std::size_t size_of(const operation& read)
    {
        return read.seen ? read.seen->list.size() : 0;
    }

    /// Nothing invented, nothing lost, nothing out of order, and the register of the last write.
    std::string check_alone(const operation& read) const
    {
        const std::vector<std::string> none;
        const auto& list = read.seen ? read.seen->list : none;
        const std::set<std::string> seen(list.begin(), list.end());
        if (seen.size() != list.size()) return "an element is there twice";
        if (!std::is_sorted(list.begin(), list.end())) return "the list is not in order";
        for (const auto& element : list) {
            const auto written = writes_.find(element);
            if (written == writes_.end()) return element + " was never written";
            if (written->second->how == operation::outcome::refused)
                return element + " was refused";
            if (precedes(read, *written->second))
                return element + " was read before it was written";
        }
        for (const auto& [value, write] : writes_) {
            if (write->how != operation::outcome::acknowledged || !precedes(*write, read)) continue;
            if (!seen.contains(value)) return value + " was acknowledged and is lost";
        }
        if (!read.seen) return {};
        if (!seen.contains(read.seen->value)) return "the value is not that of a write in the list";
        const auto& last = *writes_.at(read.seen->value);
        for (const auto& element : list) {
            if (precedes(last, *writes_.at(element))) {
                return read.seen->value + " came back after " + element;
            }
        }
        return {};
    }

    /// Of two reads, the second having as many elements or more.
    std::string check_in_turn(const operation& first, const operation& second) const
    {
        if (!first.seen) return {};
        const auto& less = first.seen->list;
        const auto& more = second.seen->list;
        if (!std::includes(more.begin(), more.end(), less.begin(), less.end())) {
            return "two reads each lack what the other saw";
        }
        if (less.size() == more.size()) {
            return first.seen->value == second.seen->value
                       ? std::string()
                       : "the value changed without a write: " + second.seen->value;
        }
        const std::set<std::string> before(less.begin(), less.end());
        if (before.contains(second.seen->value)) {
            return second.seen->value + " is the value again after later writes";
        }
        for (const auto& element : more) {
            if (before.contains(element)) continue;
            for (const auto& earlier : less) {
                if (precedes(*writes_.at(element), *writes_.at(earlier))) {
                    return element + " was acknowledged before " + earlier + " and was seen later";
                }
            }
        }
        return {};
    }

    /// A read that ended before another began saw no more than that one. The reads are in the order
    /// of what they saw.
    std::string check_time() const
    {
        tick latest_begin = 0;    // of the reads so far
        tick latest_smaller = 0;  // of those that saw less
        std::size_t size = 0;
        for (const auto* read : reads_) {
            if (size_of(*read) > size) {
                size = size_of(*read);
                latest_smaller = latest_begin;
            }
            if (read->ended < latest_smaller) return "a later read saw less";
            latest_begin = std::max(latest_begin, read->begun);
        }
        return {};
    }

    std::map<std::string, const operation*> writes_;
    std::vector<const operation*> reads_;
};

/// The first that began at that instant or later, of reads in this order; nullptr: there is none.
const operation* find_next_read(const std::vector<const operation*>& reads, tick from)
{
    const auto found =
        std::lower_bound(reads.begin(), reads.end(), from,
                         [](const operation* read, tick at) { return read->begun < at; });
    return found == reads.end() ? nullptr : *found;
}

}  // namespace

void history::add(operation done)
{
    const std::lock_guard lock(mutex_);
    operations_.push_back(std::move(done));
}

void history::add(stream_event received)
{
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(received));
}

std::vector<operation> history::operations() const
{
    const std::lock_guard lock(mutex_);
    return operations_;
}

std::vector<stream_event> history::events() const
{
    const std::lock_guard lock(mutex_);
    return events_;
}

std::string find_violation(const std::vector<operation>& operations)
{
    std::map<std::string, session_checker> sessions;
    for (const auto& each : operations) sessions[each.session].add(each);
    for (auto& [session, checker] : sessions) {
        if (const auto wrong = checker.find_violation(); !wrong.empty()) {
            return session + ": " + wrong;
        }
    }
    return {};
}

std::string find_stream_violation(const std::vector<stream_event>& events,
                                  const std::vector<operation>& operations,
                                  const std::map<std::string, std::string>& stored)
{
    std::map<std::pair<std::string, std::string>, const operation*> writes;
    std::map<std::string, std::vector<const operation*>> reads;
    for (const auto& each : operations) {
        if (each.what == operation::kind::write) writes[{each.session, each.value}] = &each;
        if (each.what == operation::kind::read && each.seen) reads[each.session].push_back(&each);
    }
    for (auto& [session, all] : reads) {
        std::sort(all.begin(), all.end(),
                  [](const auto* a, const auto* b) { return a->begun < b->begun; });
    }
    std::uint64_t last_id = 0;
    std::map<std::string, std::string> shown;
    for (const auto& event : events) {
        const auto name = event.session + " " + event.value;
        if (event.id <= last_id) return "the id " + std::to_string(event.id) + " does not rise";
        last_id = event.id;
        const auto write = writes.find({event.session, event.value});
        if (write == writes.end()) return name + " was never written";
        if (write->second->how == operation::outcome::refused) return name + " was refused";
        if (event.received < write->second->begun) return name + " was sent before it was written";
        // What the next read has seen, the later ones have: find_violation() looks at that.
        if (const auto* read = find_next_read(reads[event.session], event.received)) {
            const auto& list = read->seen->list;
            if (std::find(list.begin(), list.end(), event.value) == list.end()) {
                return name + " was sent before its commit";
            }
        }
        const auto before = shown.find(event.session);
        if (before != shown.end() &&
            precedes(*write->second, *writes.at({event.session, before->second}))) {
            return name + " was sent after " + before->second;
        }
        shown[event.session] = event.value;
    }
    for (const auto& [session, value] : stored) {
        const auto last = shown.find(session);
        if (last == shown.end()) return session + " has no event";
        if (last->second != value) return session + ": the last event is not what is stored";
    }
    return {};
}

}  // namespace ocpi::test
