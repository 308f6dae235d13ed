#include "app/admin/partner_counts.hpp"

#include <cstddef>
#include <new>

namespace ocpi::app {

template <class Change>
void partner_counts::update(std::string_view partner, Change change) noexcept
{
    try {
        const std::lock_guard lock(mutex_);
        auto found = partners_.find(partner);
        if (found == partners_.end()) found = partners_.try_emplace(std::string(partner)).first;
        change(found->second);
    } catch (const std::bad_alloc&) {
        // One message is not counted.
    }
}

partner_counts::counts partner_counts::of(const std::string& partner) const
{
    const std::lock_guard lock(mutex_);
    const auto found = partners_.find(partner);
    return found == partners_.end() ? counts() : found->second;
}

void partner_counts::on_push(std::string_view partner, std::string_view method,
                             exchange::message_outcome outcome,
                             std::chrono::steady_clock::duration) noexcept
{
    if (method == "GET") return;
    update(partner, [outcome](counts& of) { ++of.deliveries[static_cast<std::size_t>(outcome)]; });
}

void partner_counts::on_pull(std::string_view partner, const exchange::pull_summary& page) noexcept
{
    update(partner, [&page](counts& of) {
        of.pulled.applied += page.applied;
        of.pulled.unchanged += page.unchanged;
        of.pulled.invalid += page.invalid;
        of.pulled.pages += page.pages;
    });
}

void partner_counts::on_pull_end(std::string_view partner, bool is_complete) noexcept
{
    if (!is_complete) return;
    update(partner, [](counts& of) { of.complete_pull = std::chrono::system_clock::now(); });
}

}  // namespace ocpi::app
