#include "tests/cluster/process_group.hpp"

#include "tests/support/ocpi_client.hpp"

#include <csignal>
#include <fstream>
#include <thread>
#include <utility>

namespace cluster {

using namespace ocpi;

namespace {

boost::asio::ip::tcp::endpoint local(const std::string& port)
{
    return {boost::asio::ip::address_v4::loopback(), static_cast<unsigned short>(std::stoul(port))};
}

/// Requests that wait for a process are cut off when it is found not to answer any more.
constexpr const char* balancer_settings = R"(global
    maxconn 400
defaults
    mode http
    timeout http-request 10s
    timeout client 60s
    timeout connect 1s
    timeout queue 5s
    timeout server 20s
    timeout check 1s
    retries 3
    option redispatch 1
frontend ocpi
    bind fd@3
    default_backend ocpi
backend ocpi
    balance roundrobin
    option httpchk
    http-check send meth GET uri /readyz
    http-check expect status 200
    default-server inter 200ms fastinter 100ms downinter 100ms fall 2 rise 1 on-marked-down shutdown-sessions
)";

}  // namespace

process_group::process_group(std::array<std::string, size> databases, test::process_setting setting)
    : databases_(std::move(databases)), setting_(std::move(setting))
{
    for (std::size_t i = 0; i < size; ++i) {
        ports_[i] = test::free_port();
        admin_ports_[i] = test::free_port();
    }
    start_all();
    const std::vector<std::string> words{"/usr/sbin/haproxy", "-db", "-f", write_balancer()};
    balancer_ = std::make_unique<test::child_process>(words, directory_.file("haproxy.log"),
                                                      socket_.descriptor());
    if (!await_ready()) {
        throw std::runtime_error("HAProxy does not pass requests on: " +
                                 test::read_file(directory_.file("haproxy.log")));
    }
}

/// At once, on an empty database: one of them makes the tables.
void process_group::start_all()
{
    std::array<std::string, size> failures;
    {
        std::vector<std::jthread> starts;
        for (std::size_t i = 0; i < size; ++i) {
            starts.emplace_back([this, i, &failures] {
                try {
                    start(i);
                } catch (const std::runtime_error& failure) {
                    failures[i] = failure.what();
                }
            });
        }
    }
    for (const auto& each : failures) {
        if (!each.empty()) throw std::runtime_error(each);
    }
}

std::string process_group::write_config(std::size_t number) const
{
    const auto path = directory_.file("server" + std::to_string(number) + ".toml");
    std::ofstream(path) << "[admin]\nlisten = \"127.0.0.1:" << admin_ports_[number] << "\"\n"
                        << "[outbound]\nrequest_timeout = 5\n";
    return path;
}

std::string process_group::write_balancer() const
{
    const auto path = directory_.file("haproxy.cfg");
    std::ofstream file(path);
    file << balancer_settings;
    for (std::size_t i = 0; i < size; ++i) {
        file << "    server s" << i << " 127.0.0.1:" << ports_[i] << " check port "
             << admin_ports_[i] << '\n';
    }
    return path;
}

boost::asio::ip::tcp::endpoint process_group::balancer() const
{
    return {boost::asio::ip::address_v4::loopback(), socket_.port()};
}

boost::asio::ip::tcp::endpoint process_group::address(std::size_t number) const
{
    return local(ports_[number]);
}

pid_t process_group::process(std::size_t number) const
{
    return processes_[number];
}

std::vector<pid_t> process_group::processes() const
{
    std::vector<pid_t> all;
    for (std::size_t i = 0; i < size; ++i) {
        if (const auto each = process(i)) all.push_back(each);
    }
    return all;
}

std::size_t process_group::number_of(pid_t process_id) const
{
    std::size_t number = 0;
    while (number < size && process(number) != process_id) ++number;
    return number;
}

void process_group::start(std::size_t number)
{
    const std::vector<std::string> arguments{"--dev", "--config", write_config(number),
                                             "--database", databases_[number]};
    servers_[number] =
        std::make_unique<test::server_process>(arguments, "127.0.0.1:" + ports_[number], setting_);
    processes_[number] = servers_[number]->pid();
}

void process_group::note_end(std::size_t number)
{
    processes_[number] = 0;
    logs_[number] += servers_[number]->errors();
    servers_[number].reset();
}

void process_group::kill(std::size_t number)
{
    servers_[number]->kill();
    servers_[number]->wait();
    note_end(number);
}

int process_group::terminate(std::size_t number)
{
    const auto ending = process(number);
    const int status = servers_[number]->terminate();
    if (status == 0) ended_.insert(ending);
    note_end(number);
    return status;
}

void process_group::signal(std::size_t number, int number_of_signal)
{
    servers_[number]->signal(number_of_signal);
}

bool process_group::await_ready() const
{
    return test::eventually([this] {
        try {
            test::ocpi_client client(balancer(), "your-token");
            return test::is_acknowledged(client.request("GET", "/ocpi/versions"));
        } catch (const std::runtime_error&) {
            return false;
        }
    });
}

std::string process_group::log(std::size_t number) const
{
    return logs_[number];
}

bool process_group::stop()
{
    bool are_well = true;
    for (std::size_t i = 0; i < size; ++i) {
        if (process(i) != 0) are_well = terminate(i) == 0 && are_well;
    }
    return are_well;
}

}  // namespace cluster
