// What an Application does with its partners.

#include "application/application_impl.hpp"
#include "modules/credentials/registration.hpp"

#include <utility>

namespace ocpi {

namespace asio = boost::asio;

namespace {

error no_such_partner(const std::string& name)
{
    return error(errc::not_found, "no partner named " + name + " is registered");
}

void forget_secrets(partners::partner& of)
{
    of.token.clear();
    of.inbound_tokens.clear();
}

}  // namespace

asio::awaitable<result<partners::partner>> Application::impl::register_partner(
    credentials::registration_request request)
{
    credentials::registration asking(platform_);
    auto registered = co_await asking.begin(std::move(request));
    if (registered.has_value()) forget_secrets(*registered);
    co_return registered;
}

asio::awaitable<result<std::vector<partners::partner>>> Application::impl::list_partners()
{
    auto all = co_await platform_->partners->list();
    if (all.has_error()) co_return all.error();
    std::vector<partners::partner> registered;
    for (auto& each : *all) {
        if (!each.value.is_registered()) continue;
        forget_secrets(each.value);
        registered.push_back(std::move(each.value));
    }
    co_return registered;
}

asio::awaitable<result<partners::partner>> Application::impl::rotate_partner(std::string name)
{
    credentials::registration asking(platform_);
    auto renewed = co_await asking.renew(std::move(name));
    if (renewed.has_value()) forget_secrets(*renewed);
    co_return renewed;
}

asio::awaitable<result<partners::partner>> Application::impl::set_partner(
    std::string name, partners::partner_settings settings)
{
    partners::partner_store::change apply = [&](partners::partner& changed) -> result<void> {
        if (!changed.is_registered()) return no_such_partner(name);
        if (settings.closing_put) changed.closing_put = *settings.closing_put;
        return {};
    };
    auto changed = co_await platform_->partners->update_with(name, std::move(apply));
    if (changed.has_value()) {
        forget_secrets(*changed);
        if (platform_->partners_changed) platform_->partners_changed();
    }
    co_return changed;
}

asio::awaitable<result<exchange::pull_summary>> Application::impl::sync_partner(
    std::string name, exchange::pull_range range, exchange::pull_callback on_page)
{
    auto stored = co_await platform_->partners->find(name);
    if (stored.has_error()) co_return stored.error();
    if (!*stored || !(*stored)->value.is_registered()) {
        co_return no_such_partner(name);
    }
    co_return co_await puller_->pull(std::move((*stored)->value), range, std::move(on_page));
}

asio::awaitable<result<void>> Application::impl::remove_partner(std::string name,
                                                                bool even_unconfirmed)
{
    credentials::registration asking(platform_);
    co_return co_await asking.end(std::move(name), even_unconfirmed);
}

}  // namespace ocpi
