#include "tests/cluster/checks.hpp"

#include "ocpi/json/document.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace cluster {
namespace {

/// [first, second]
using span = std::pair<instant, instant>;

/// An epoch of a lease.
struct reign {
    std::uint64_t epoch = 0;
    std::string holder;
    pid_t process = 0;
    instant taken_at = 0;
    /// When the lease was seen to be in force: between two of them it was expired.
    std::vector<span> spans;
    bool is_given_back = false;

    instant end() const { return spans.back().second; }

    void renew(instant expires_at)
    {
        const span renewed{std::max(taken_at, expires_at - lease_life), expires_at};
        if (!spans.empty() && renewed.first <= end()) {
            spans.back().second = std::max(end(), expires_at);
        } else {
            spans.push_back(renewed);
        }
    }

    bool holds(instant at, instant slack) const
    {
        return std::any_of(spans.begin(), spans.end(), [&](const span& each) {
            return each.first - slack <= at && at <= each.second + slack;
        });
    }
};

/// The epochs of one lease.
class reigns {
public:
    std::string add(const lease_sample& sample, const std::function<bool(pid_t)>& has_ended)
    {
        if (all_.empty() || sample.epoch > all_.back().epoch) {
            if (!all_.empty() && has_ended(all_.back().process)) {
                give_back(all_.back(), sample.taken_at);
            }
            return begin(sample);
        }
        auto& last = all_.back();
        if (sample.epoch < last.epoch) return sample.name + ": the epoch has gone back";
        if (sample.holder.empty()) {
            give_back(last, sample.read_at);
            return {};
        }
        if (sample.holder != last.holder) return sample.name + ": an epoch has two holders";
        if (sample.taken_at != last.taken_at) return sample.name + ": taken twice in an epoch";
        if (last.is_given_back) return sample.name + ": back in an epoch that was given back";
        last.renew(sample.expires_at);
        return {};
    }

    /// In the order of their arrival.
    std::string check(const std::vector<receipt>& receipts, instant slack) const
    {
        std::size_t now = 0;
        for (const auto& each : receipts) {
            if (each.process == 0) continue;
            const auto found = std::find_if(
                all_.begin() + static_cast<std::ptrdiff_t>(now), all_.end(), [&](const reign& of) {
                    return of.process == each.process && of.holds(each.at, slack);
                });
            if (found == all_.end()) {
                return each.lease + ": a message of process " + std::to_string(each.process) +
                       " at " + std::to_string(each.at) + ", which did not hold the lease" +
                       describe(now);
            }
            now = static_cast<std::size_t>(found - all_.begin());
        }
        return {};
    }

    std::string describe(std::size_t now) const
    {
        std::string text =
            "; since epoch " + std::to_string(now < all_.size() ? all_[now].epoch : 0);
        for (const auto& each : all_) {
            text += "; " + std::to_string(each.epoch) + ' ' + each.holder;
            for (const auto& [from, to] : each.spans) {
                text += " [" + std::to_string(from) + ", " + std::to_string(to) + ']';
            }
        }
        return text;
    }

private:
    std::string begin(const lease_sample& sample)
    {
        if (!all_.empty() && !all_.back().is_given_back && sample.taken_at < all_.back().end()) {
            return sample.name + ": taken by " + sample.holder + " while " + all_.back().holder +
                   " held it";
        }
        reign next;
        next.epoch = sample.epoch;
        next.holder = sample.holder;
        next.process = process_of(sample.holder);
        next.taken_at = sample.taken_at;
        if (sample.holder.empty()) {
            next.spans.emplace_back(sample.taken_at, sample.read_at);
            next.is_given_back = true;
        } else {
            next.renew(sample.expires_at);
        }
        all_.push_back(std::move(next));
        return {};
    }

    static void give_back(reign& last, instant seen_at)
    {
        if (last.is_given_back) return;
        last.is_given_back = true;
        last.spans.back().second = std::min(last.end(), seen_at);
    }

    std::vector<reign> all_;
};

std::optional<std::string> text_of(const std::map<std::string, std::string>& in,
                                   const std::string& id)
{
    const auto found = in.find(id);
    if (found == in.end()) return std::nullopt;
    return found->second;
}

bool are_same(const std::string& a, const std::string& b)
{
    const auto first = ocpi::json::parse(a);
    const auto second = ocpi::json::parse(b);
    return first.has_value() && second.has_value() &&
           ocpi::json::same(first->root(), second->root(), ocpi::json::number_equality::spelling);
}

}  // namespace

pid_t process_of(const std::string& holder)
{
    const auto last = holder.rfind(':');
    if (last == holder.npos || last == 0) return 0;
    const auto before = holder.rfind(':', last - 1);
    const auto begin = before == holder.npos ? 0 : before + 1;
    const auto digits = holder.substr(begin, last - begin);
    if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos) return 0;
    return static_cast<pid_t>(std::stol(digits));
}

std::string find_ownership_violation(const std::vector<lease_sample>& samples,
                                     const std::vector<receipt>& receipts, instant slack,
                                     const std::function<bool(pid_t)>& has_ended)
{
    std::map<std::string, reigns> leases;
    for (const auto& each : samples) {
        if (auto wrong = leases[each.name].add(each, has_ended); !wrong.empty()) return wrong;
    }
    std::map<std::string, std::vector<receipt>> messages;
    for (const auto& each : receipts) messages[each.lease].push_back(each);
    for (const auto& [name, received] : messages) {
        if (auto wrong = leases[name].check(received, slack); !wrong.empty()) return wrong;
    }
    return {};
}

instant find_succession(const std::vector<lease_sample>& samples, const std::string& lease,
                        pid_t process, instant from)
{
    for (const auto& each : samples) {
        if (each.name != lease || each.holder.empty() || each.taken_at < from) continue;
        if (process_of(each.holder) != process) return each.taken_at - from;
    }
    return -1;
}

std::string find_change_violation(const std::vector<change>& seen,
                                  const std::map<std::string, std::uint64_t>& stored)
{
    std::uint64_t before = 0;
    std::map<std::string, std::uint64_t> last;
    for (const auto& each : seen) {
        if (each.revision <= before) {
            return "revision " + std::to_string(each.revision) + " after " + std::to_string(before);
        }
        before = each.revision;
        last[each.id] = each.revision;
    }
    for (const auto& [id, revision] : stored) {
        const auto found = last.find(id);
        if (found == last.end()) return id + " was never seen";
        if (found->second != revision) {
            return id + " was last seen at " + std::to_string(found->second) + ", and is at " +
                   std::to_string(revision);
        }
    }
    return {};
}

std::string find_partner_violation(const std::map<std::string, std::string>& held,
                                   const std::map<std::string, std::string>& stored)
{
    for (const auto& [id, text] : stored) {
        const auto found = text_of(held, id);
        if (!found) return id + " is missing";
        if (!are_same(*found, text)) return id + " is " + *found + " and not " + text;
    }
    for (const auto& [id, text] : held) {
        if (!stored.contains(id)) return id + " is not stored";
    }
    return {};
}

}  // namespace cluster
