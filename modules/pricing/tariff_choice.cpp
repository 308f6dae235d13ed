#include "modules/pricing/tariff_choice.hpp"

#include "ocpi/base/rational.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

using tariffs::tariff_ptr;

class chooser {
public:
    chooser(const priced_session& session, tariff_span given, note_list& notes)
        : session_(session), given_(given), notes_(notes), of_session_(find_default())
    {
    }

    const tariff_ptr& of_session() const { return of_session_; }

    tariff_ptr of(const sessions::charging_period& period)
    {
        if (!period.tariff_id) {
            if (!of_session_) note_missing_default();
            return of_session_;
        }
        if (!last_ || !(last_->id == *period.tariff_id)) last_ = find(*period.tariff_id);
        if (!last_) {
            notes_.add("the tariff " + period.tariff_id->str() +
                       " is unknown: its periods are not priced");
        }
        return last_;
    }

    void note_missing_default()
    {
        notes_.add(given_.empty() ? "there is no tariff: nothing is priced"
                                  : "periods that name no tariff are not priced: there are several "
                                    "tariffs, and none is the session's own");
    }

private:
    /// The CPO's tariff of that id, else any.
    tariff_ptr find(const ci_string& id)
    {
        const auto has_id = [&](const tariff_ptr& tariff) { return tariff->id == id; };
        const auto is_own = [&](const tariff_ptr& tariff) {
            return has_id(tariff) && session_.owner && tariff->owner() == *session_.owner;
        };
        if (auto own = find_first(is_own, id)) return own;
        return find_first(has_id, id);
    }

    template <class Predicate>
    tariff_ptr find_first(Predicate is_wanted, const ci_string& id)
    {
        const auto found = std::find_if(given_.begin(), given_.end(), is_wanted);
        if (found == given_.end()) return nullptr;
        if (std::find_if(found + 1, given_.end(), is_wanted) != given_.end()) {
            notes_.add("several tariffs have the id " + id.str() + ": the first counts");
        }
        return *found;
    }

    tariff_ptr find_default()
    {
        if (session_.default_tariff_id) {
            if (auto found = find(*session_.default_tariff_id)) return found;
        }
        return given_.size() == 1 ? given_.front() : nullptr;
    }

    const priced_session& session_;

    tariff_span given_;
    note_list& notes_;
    tariff_ptr of_session_;
    tariff_ptr last_;
};

void keep_once(std::vector<tariff_ptr>& used, const tariff_ptr& tariff)
{
    if (!tariff || std::find(used.begin(), used.end(), tariff) != used.end()) return;
    used.push_back(tariff);
}

std::string choose_currency(const priced_session& session, const std::vector<tariff_ptr>& used)
{
    const auto of_session = session.currency.value_or(std::string());
    const bool is_used = std::any_of(used.begin(), used.end(), [&](const tariff_ptr& tariff) {
        return equal_ignoring_case(tariff->currency, of_session);
    });
    return is_used || used.empty() ? of_session : used.front()->currency;
}

/// Each is judged once, however many periods name it.
template <class Predicate>
void leave_out(tariff_choice& choice, Predicate is_unfit)
{
    if (choice.of_session && is_unfit(*choice.of_session)) choice.of_session.reset();
    auto& used = choice.used;
    const auto is_fit = [&](const tariff_ptr& tariff) { return !is_unfit(*tariff); };
    const auto first_unfit = std::stable_partition(used.begin(), used.end(), is_fit);
    for (auto& tariff : choice.of_periods) {
        const auto is_it = [tariff](const tariff_ptr& unfit) { return unfit.get() == tariff; };
        if (std::any_of(first_unfit, used.end(), is_it)) tariff = nullptr;
    }
    used.erase(first_unfit, used.end());
}

/// Leaves only tariffs of the chosen currency.
void settle_currency(tariff_choice& choice, const priced_session& session, note_list& notes)
{
    choice.currency = choose_currency(session, choice.used);
    if (session.currency && !equal_ignoring_case(*session.currency, choice.currency)) {
        notes.add("the session's currency is " + *session.currency + ", that of its tariff is " +
                  choice.currency);
    }
    const auto is_foreign = [&choice](const tariffs::tariff& tariff) {
        return !equal_ignoring_case(tariff.currency, choice.currency);
    };
    for (const auto& tariff : choice.used) {
        if (!is_foreign(*tariff)) continue;
        notes.add("the tariff " + tariff->id.str() + " is in " + tariff->currency +
                  ": its periods are not priced");
    }
    leave_out(choice, is_foreign);
}

bool is_reckonable(const std::optional<tariffs::price_limit>& limit)
{
    return !limit || (limit->before_taxes.fits(max_factor_places) &&
                      (!limit->after_taxes || limit->after_taxes->fits(max_factor_places)));
}

bool is_reckonable(const tariffs::tariff& tariff)
{
    const auto& elements = tariff.elements;
    return is_reckonable(tariff.min_price) && is_reckonable(tariff.max_price) &&
           std::all_of(elements.begin(), elements.end(), [](const auto& element) {
               const auto& all = element.price_components;
               return std::all_of(all.begin(), all.end(), [](const auto& component) {
                   return component.price.fits(max_factor_places);
               });
           });
}

/// Leaves only tariffs whose prices and limits can be reckoned with.
void settle_numbers(tariff_choice& choice, note_list& notes)
{
    for (const auto& tariff : choice.used) {
        if (is_reckonable(*tariff)) continue;
        choice.has_unreckonable_prices = true;
        notes.add("a price of tariff " + tariff->id.str() +
                  " is too large or too fine to reckon with: its periods are not priced");
    }
    leave_out(choice, [](const tariffs::tariff& tariff) { return !is_reckonable(tariff); });
}

void note_oddities(const tariffs::tariff& tariff, note_list& notes)
{
    for (const auto& element : tariff.elements) {
        for (const auto& component : element.price_components) {
            if (component.vat && !tariffs::usable_vat(component)) {
                notes.add("a vat of tariff " + tariff.id.str() +
                          " cannot be reckoned with: it counts as not sent");
            }
        }
    }
}

}  // namespace

tariff_choice choose_tariffs(const priced_session& session, tariff_span given, note_list& notes)
{
    tariff_choice choice;
    choice.of_periods.assign(session.periods.size(), nullptr);
    if (session.status == sessions::session_status::invalid) {
        choice.currency =
            session.currency.value_or(given.empty() ? std::string() : given.front()->currency);
        notes.add("an INVALID session costs nothing");
        return choice;
    }
    chooser from(session, given, notes);
    choice.of_session = from.of_session();
    for (std::size_t i = 0; i < session.periods.size(); ++i) {
        const auto tariff = from.of(session.periods[i]);
        choice.of_periods[i] = tariff.get();
        keep_once(choice.used, tariff);
    }
    if (session.periods.empty()) {
        if (!choice.of_session) from.note_missing_default();
        keep_once(choice.used, choice.of_session);
    }
    settle_currency(choice, session, notes);
    settle_numbers(choice, notes);
    for (const auto& tariff : choice.used) note_oddities(*tariff, notes);
    return choice;
}

}  // namespace ocpi::pricing
