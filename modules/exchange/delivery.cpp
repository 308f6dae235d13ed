#include "modules/exchange/delivery.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::exchange {
namespace {

using boost::asio::awaitable;

/// Our parties of which the partner gets sessions; std::nullopt when what is stored is of another
/// registration of the partner, or of other parties.
std::optional<std::vector<std::string>> own_parties_pushed(const delivery_target& of)
{
    const auto& progress = of.progress;
    const bool is_current = progress && progress->url == of.target->url &&
                            progress->registration == of.target->registration;
    if (!is_current) return std::nullopt;
    return own_parties_of(progress->party_pairs, of.target->emsps);
}

template <class T>
bool contains(const std::vector<T>& all, const T& one)
{
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

delivery delivery_of(const crud::record& session, const delivery_target* of)
{
    if (!of) return delivery::not_due;
    const auto own = own_parties_pushed(*of);
    if (!own) return delivery::lacking;
    const auto& key = session.document.key;
    if (!contains(*own, fold_case(to_string(key.owner())))) return delivery::not_due;
    const bool has_all = session.revision <= of->progress->revision;
    return has_all && !contains(of->progress->rejected, key) ? delivery::done : delivery::unclear;
}

bool is_acknowledged(const crud::record& session, const delivery_target& of,
                     const std::optional<stored_acknowledgement>& found)
{
    return found && found->value.partner == of.partner && found->revision > of.progress->since &&
           found->value.revision >= session.revision;
}

awaitable<result<delivery_records>> delivery_records::load(
    std::shared_ptr<Crud> crud, std::shared_ptr<partners::partner_store> partners)
{
    const auto listed = co_await partners->list();
    if (listed.has_error()) co_return listed.error();
    delivery_records loaded(std::move(crud));
    auto targets = make_targets(*listed);
    for (auto& [partner, target] : targets) {
        if (!target) continue;
        auto progress = co_await loaded.acknowledgements_.find_progress(partner);
        if (progress.has_error()) co_return progress.error();
        delivery_target made;
        made.partner = std::move(partner);
        made.target = std::move(target);
        if (*progress) made.progress = std::move((*progress)->value);
        loaded.targets_.push_back(std::move(made));
    }
    co_return loaded;
}

const delivery_target* delivery_records::find(const std::optional<party>& emsp) const
{
    if (!emsp) return nullptr;
    const auto found = std::find_if(
        targets_.begin(), targets_.end(),
        [&](const delivery_target& each) { return contains(each.target->emsps, *emsp); });
    return found == targets_.end() ? nullptr : &*found;
}

awaitable<result<std::optional<std::string>>> delivery_records::partner_lacking(
    const crud::record& session)
{
    const auto* target = find(session.document.emsp);
    const auto known = delivery_of(session, target);
    const bool is_kept = known == delivery::lacking || known == delivery::unclear;
    if (!is_kept) co_return std::optional<std::string>();
    if (known == delivery::unclear) {
        const auto found = co_await acknowledgements_.find(session.document.key);
        if (found.has_error()) co_return found.error();
        if (is_acknowledged(session, *target, *found)) co_return std::optional<std::string>();
    }
    co_return std::optional<std::string>(target->partner);
}

}  // namespace ocpi::exchange
