#include "partners/token_form.hpp"

namespace ocpi::partners {

std::string_view to_string(token_form form) noexcept
{
    return form == token_form::raw ? "raw" : "base64";
}

std::optional<token_form> parse_token_form(std::string_view text) noexcept
{
    for (const auto form : {token_form::base64, token_form::raw}) {
        if (text == to_string(form)) return form;
    }
    return std::nullopt;
}

std::optional<token_form> token_form_memory::find(const std::string& platform) const
{
    const std::lock_guard lock(mutex_);
    const auto found = learned_.find(platform);
    if (found == learned_.end()) return std::nullopt;
    return found->second;
}

void token_form_memory::learn(const std::string& platform, token_form form)
{
    const std::lock_guard lock(mutex_);
    if (learned_.size() >= max_remembered) learned_.clear();
    learned_.insert_or_assign(platform, form);
}

bool token_form_memory::take_trial(const std::string& token_hash, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    const auto found = tried_at_.find(token_hash);
    if (found != tried_at_.end() && now - found->second < trial_interval) return false;
    if (tried_at_.size() >= max_remembered) tried_at_.clear();
    tried_at_.insert_or_assign(token_hash, now);
    return true;
}

}  // namespace ocpi::partners
