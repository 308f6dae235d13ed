#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ocpi::partners {

/// How a token stands in the Authorization header. OCPI asks for Base64; platforms of older
/// versions know the token as it is.
enum class token_form { base64, raw };

/// `base64`, `raw`: how it is stored.
std::string_view to_string(token_form form) noexcept;
std::optional<token_form> parse_token_form(std::string_view text) noexcept;

constexpr token_form other_form(token_form than) noexcept
{
    return than == token_form::base64 ? token_form::raw : token_form::base64;
}

/// What this process has learned about the forms in which platforms take their tokens. Safe from
/// any thread.
class token_form_memory {
public:
    using clock = std::chrono::steady_clock;

    /// A token whose other form was tried is not tried so again for this long.
    static constexpr std::chrono::hours trial_interval{1};
    /// Platforms and tokens that are remembered; beyond that the memory begins again.
    static constexpr std::size_t max_remembered = 10'000;

    /// The form in which that platform has taken a token where another form was refused;
    /// std::nullopt as long as this process has seen none of that.
    std::optional<token_form> find(const std::string& platform) const;
    void learn(const std::string& platform, token_form form);

    /// True when the token of that hash may be tried in its other form at that instant. The trial
    /// is taken: the next call says false until trial_interval has passed.
    bool take_trial(const std::string& token_hash, clock::time_point now);

private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, token_form> learned_;          // by platform; guarded by mutex_
    std::unordered_map<std::string, clock::time_point> tried_at_;  // by hash; guarded by mutex_
};

}  // namespace ocpi::partners
