#include "app/simulate/session_comparison.hpp"

#include "ocpi/base/date_time.hpp"

#include <algorithm>

namespace ocpi::app::simulate {
namespace {

/// Beginning of a value, short enough for a line.
std::string shown(json::value of)
{
    constexpr std::size_t max_size = 120;
    const auto text = of.text();
    return text.size() <= max_size ? std::string(text)
                                   : std::string(text.substr(0, max_size)) + "…";
}

bool is_same_scalar(json::value sent, json::value held)
{
    if (json::same(sent, held, json::number_equality::amount)) return true;
    if (!sent.is(json::kind::string) || !held.is(json::kind::string)) return false;
    const auto at = parse_date_time(sent.string());
    const auto other = parse_date_time(held.string());
    return at && other && at->value == other->value;
}

class comparer {
public:
    explicit comparer(std::string_view session) : session_(session) {}

    void compare(const std::string& pointer, json::value sent, json::value held)
    {
        if (sent.is(json::kind::object) && held.is(json::kind::object)) {
            compare_members(pointer, sent, held);
        } else if (sent.is(json::kind::array) && held.is(json::kind::array)) {
            compare_elements(pointer, sent, held);
        } else if (!is_same_scalar(sent, held)) {
            add(pointer, shown(sent), shown(held));
        }
    }

    std::vector<difference> take() { return std::move(found_); }

private:
    void compare_members(const std::string& pointer, json::value sent, json::value held)
    {
        for (const auto member : sent) {
            const auto at = json::append_pointer(pointer, member.name());
            if (const auto other = held.find(member.name())) {
                compare(at, member, *other);
            } else {
                add(at, shown(member), "no such member");
            }
        }
        for (const auto member : held) {
            if (sent.find(member.name()) || member.is(json::kind::null)) continue;
            if (pointer.empty() && member.name() == "charging_preferences") continue;
            add(json::append_pointer(pointer, member.name()), "no such member", shown(member));
        }
    }

    void compare_elements(const std::string& pointer, json::value sent, json::value held)
    {
        auto ours = sent.begin();
        auto theirs = held.begin();
        std::size_t index = 0;
        for (; ours != sent.end() && theirs != held.end(); ++ours, ++theirs) {
            compare(json::append_pointer(pointer, index++), *ours, *theirs);
        }
        for (; ours != sent.end(); ++ours) {
            add(json::append_pointer(pointer, index++), shown(*ours), "no such element");
        }
        for (; theirs != held.end(); ++theirs) {
            add(json::append_pointer(pointer, index++), "no such element", shown(*theirs));
        }
    }

    void add(std::string pointer, std::string expected, std::string got)
    {
        found_.push_back(difference{std::string(session_), std::move(pointer), std::move(expected),
                                    std::move(got)});
    }

    std::string_view session_;
    std::vector<difference> found_;
};

}  // namespace

std::string to_string(const difference& of)
{
    return of.session + ' ' + (of.pointer.empty() ? "(the whole session)" : of.pointer) +
           ": expected " + of.expected + ", got " + of.got;
}

std::vector<difference> compare_sessions(std::string_view id, json::value sent, json::value held)
{
    comparer found(id);
    found.compare("", sent, held);
    return found.take();
}

}  // namespace ocpi::app::simulate
