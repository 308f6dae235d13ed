#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ocpi::partners {

/// How a token is sent in the Authorization header. OCPI requires Base64; platforms of older
/// versions expect the raw token.
enum class token_form { base64, raw };

/// `base64`, `raw`: as stored.
std::string_view to_string(token_form form) noexcept;
std::optional<token_form> parse_token_form(std::string_view text) noexcept;

constexpr token_form other_form(token_form than) noexcept
{
    return than == token_form::base64 ? token_form::raw : token_form::base64;
}

/// Token forms that platforms have accepted, as learned by this process. Safe from any thread.
class token_form_memory {
public:
    using clock = std::chrono::steady_clock;

    /// Minimum time between two trials of a token's other form.
    static constexpr std::chrono::hours trial_interval{1};
    /// Maximum platforms and tokens remembered; beyond it the memory is cleared.
    static constexpr std::size_t max_remembered = 10'000;

    /// The form that platform has accepted after refusing another; std::nullopt when this process
    /// has not seen that.
    std::optional<token_form> find(const std::string& platform) const;
    void learn(const std::string& platform, token_form form);

    /// True if the token with that hash may be tried in its other form now. Takes the trial:
    /// further calls return false until trial_interval has passed.
    bool take_trial(const std::string& token_hash, clock::time_point now);

private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, token_form> learned_;          // by platform; guarded by mutex_
    std::unordered_map<std::string, clock::time_point> tried_at_;  // by hash; guarded by mutex_
};

}  // namespace ocpi::partners
