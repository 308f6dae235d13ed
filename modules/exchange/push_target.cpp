#include "modules/exchange/push_target.hpp"

#include "http/url.hpp"

#include <algorithm>
#include <set>
#include <sstream>

namespace ocpi::exchange {
namespace {

std::string write_parties(const std::vector<party>& parties)
{
    std::vector<std::string> names;
    for (const auto& each : parties) names.push_back(fold_case(to_string(each)));
    std::sort(names.begin(), names.end());
    std::string text;
    for (const auto& each : names) text.append(each) += ' ';
    return text;
}

/// nullptr if the partner has no Receiver interface, or is no eMSP that is not `taken`, by folded
/// names.
std::shared_ptr<const push_target> make_target(const partners::partner& partner,
                                               const std::set<std::string>& taken)
{
    if (!partner.is_registered()) return nullptr;
    const auto* url = partner.find_endpoint("sessions", partners::interface_role::receiver);
    if (!url) return nullptr;
    auto target = std::make_shared<push_target>();
    target->access = partners::access_to(partner);
    target->registration = partner.registration;
    target->version = partner.version;
    // A slash at the end makes no other place: sessions are appended by one slash.
    target->url = http::without_trailing_slashes(*url);
    target->closing_put = partner.closing_put;
    for (const auto& emsp : partner.parties_in_role(party_role::emsp)) {
        if (!taken.contains(fold_case(to_string(emsp)))) target->emsps.push_back(emsp);
    }
    if (target->emsps.empty()) return nullptr;
    return target;
}

constexpr const char* between = "> ";

}  // namespace

bool is_same_platform(const push_target& a, const push_target& b)
{
    return a.url == b.url && a.version == b.version && a.registration == b.registration;
}

std::string write_party_pairs(const std::vector<party>& own, const std::vector<party>& emsps)
{
    return write_parties(own) + between + write_parties(emsps);
}

std::optional<std::vector<std::string>> own_parties_of(const std::string& pairs,
                                                       const std::vector<party>& emsps)
{
    const auto end = between + write_parties(emsps);
    if (!pairs.ends_with(end)) return std::nullopt;
    std::istringstream names(pairs.substr(0, pairs.size() - end.size()));
    std::vector<std::string> own;
    for (std::string name; names >> name;) {
        if (name == ">") return std::nullopt;
        own.push_back(std::move(name));
    }
    return own;
}

std::vector<partner_target> make_targets(const std::vector<partners::stored_partner>& listed)
{
    std::vector<partner_target> targets;
    std::set<std::string> taken;
    for (const auto& [partner, revision] : listed) {
        auto target = make_target(partner, taken);
        for (const auto& emsp : target ? target->emsps : std::vector<party>()) {
            taken.insert(fold_case(to_string(emsp)));
        }
        targets.push_back({partner.name, std::move(target)});
    }
    return targets;
}

}  // namespace ocpi::exchange
