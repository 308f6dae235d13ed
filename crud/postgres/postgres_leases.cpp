#include "crud/postgres/postgres_leases.hpp"

#include "crud/postgres/lease_statements.hpp"
#include "crud/postgres/store.hpp"

#include <utility>

namespace ocpi::crud::postgres {
namespace {

boost::asio::awaitable<std::vector<rows>> run_statement(connection& on, command statement)
{
    std::vector<command> one;
    one.push_back(std::move(statement));
    return on.run(std::move(one));
}

boost::asio::awaitable<result<std::vector<held_lease>>> claim_leases(connection& on,
                                                                     std::string holder,
                                                                     std::vector<std::string> names,
                                                                     std::chrono::milliseconds life)
{
    auto claiming = claim_statement(holder, names, life);
    const auto returned = co_await run_statement(on, std::move(claiming));
    co_return read_claimed(returned.at(0));
}

boost::asio::awaitable<result<void>> release_leases(connection& on, std::string holder,
                                                    std::vector<held_lease> held)
{
    auto releasing = release_statement(holder, held);
    (void)co_await run_statement(on, std::move(releasing));
    co_return result<void>();
}

boost::asio::awaitable<result<std::vector<lease_entry>>> list_all_leases(connection& on)
{
    auto listing = list_leases_statement();
    const auto returned = co_await run_statement(on, std::move(listing));
    co_return read_leases(returned.at(0));
}

class postgres_leases final : public leases {
public:
    explicit postgres_leases(std::shared_ptr<store> of) : store_(std::move(of)) {}

    boost::asio::awaitable<result<std::vector<held_lease>>> claim(
        std::string holder, std::vector<std::string> names, std::chrono::milliseconds life) override
    {
        auto work = [holder = std::move(holder), names = std::move(names), life](connection& on) {
            return claim_leases(on, holder, names, life);
        };
        return store_->run_for_leases<std::vector<held_lease>>(std::move(work));
    }

    boost::asio::awaitable<result<void>> release(std::string holder,
                                                 std::vector<held_lease> held) override
    {
        auto work = [holder = std::move(holder), held = std::move(held)](connection& on) {
            return release_leases(on, holder, held);
        };
        return store_->run_for_leases<void>(std::move(work));
    }

    boost::asio::awaitable<result<std::vector<lease_entry>>> list() override
    {
        auto work = [](connection& on) { return list_all_leases(on); };
        return store_->run_for_leases<std::vector<lease_entry>>(std::move(work));
    }

private:
    const std::shared_ptr<store> store_;
};

}  // namespace

std::shared_ptr<leases> make_leases(std::shared_ptr<store> of)
{
    return std::make_shared<postgres_leases>(std::move(of));
}

}  // namespace ocpi::crud::postgres
