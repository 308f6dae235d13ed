#include "tests/support/socket_client.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

void expect(bool holds, const std::string& what)
{
    if (!holds) throw std::runtime_error(what);
}

/// The example as a process of its own, on a port of its own.
class running_example {
public:
    explicit running_example(const char* program)
    {
        int ends[2];
        expect(::pipe(ends) == 0, "no pipe");
        process_ = ::fork();
        if (process_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            ::execl(program, program, "127.0.0.1:0", nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        char line[200] = {};
        std::FILE* output = ::fdopen(ends[0], "r");
        const bool has_line = std::fgets(line, sizeof line, output) != nullptr;
        std::fclose(output);
        unsigned port = 0;
        if (!has_line || std::sscanf(line, "listening on http://127.0.0.1:%u", &port) != 1) {
            stop();
            throw std::runtime_error(std::string("it does not say where it listens: ") + line);
        }
        endpoint_ = {boost::asio::ip::make_address("127.0.0.1"),
                     static_cast<boost::asio::ip::port_type>(port)};
    }

    ~running_example() { stop(); }
    running_example(const running_example&) = delete;
    running_example& operator=(const running_example&) = delete;

    const boost::asio::ip::tcp::endpoint& endpoint() const noexcept { return endpoint_; }

    /// Interrupts it as an operator does; true when it ended by itself and in peace.
    bool stop()
    {
        if (process_ <= 0) return true;
        int status = 0;
        ::kill(process_, SIGTERM);
        ::waitpid(process_, &status, 0);
        process_ = -1;
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private:
    pid_t process_ = -1;
    boost::asio::ip::tcp::endpoint endpoint_;
};

/// Sends what curl sends, and expects this HTTP status, OCPI 1000 and the given text in the
/// answer.
ocpi::test::wire_response ask(const running_example& example, const std::string& method,
                              const std::string& target, const std::string& body, int status,
                              std::string_view text)
{
    ocpi::test::socket_client client(example.endpoint());
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                          "User-Agent: curl/7.88.1\r\nAccept: */*\r\n" +
                          "Authorization: Token your-token\r\n";
    if (!body.empty()) {
        request +=
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n";
    }
    auto answer = client.exchange(request + "\r\n" + body);
    const auto told = method + " " + target + " was answered " + std::to_string(answer.status) +
                      " " + answer.body;
    expect(answer.status == status, told);
    expect(answer.body.find("\"status_code\":1000") != std::string::npos, told);
    expect(answer.body.find(text) != std::string::npos, told + "\nwithout " + std::string(text));
    return answer;
}

/// The tutorial from its first request to its last. The first PUT creates the session (201), a
/// later one replaces it.
void walk(const running_example& example, const std::string& session, int status_of_put)
{
    const std::string receiver = "/ocpi/emsp/2.3.0/sessions/ES/ABC/SESS001";
    const std::string sender = "/ocpi/cpo/2.3.0/sessions/ES/ABC/SESS001";
    ask(example, "PUT", receiver, session, status_of_put, "");
    ask(example, "GET", sender, "", 200, "\"kwh\":0.0");
    const auto list =
        ask(example, "GET", "/ocpi/cpo/2.3.0/sessions/?date_from=2024-01-01T00:00:00Z", "", 200,
            "\"id\":\"SESS001\"");
    expect(list.header("X-Total-Count") == "1", "the list does not have one session");
    ask(example, "PATCH", sender, R"({
    "kwh": 25.5,
    "status": "ACTIVE"
  })",
        200, "");
    ask(example, "GET", sender, "", 200, "\"kwh\":25.5");
}

}  // namespace

/// smoke_test EXAMPLE SESSION_JSON: the tutorial can be walked, and walked again.
int main(int argc, char** argv)
try {
    expect(argc == 3, "usage: smoke_test EXAMPLE SESSION_JSON");
    std::ifstream file(argv[2]);
    const std::string session{std::istreambuf_iterator<char>(file), {}};
    expect(!session.empty(), "no session.json");
    running_example example(argv[1]);
    walk(example, session, 201);
    walk(example, session, 200);

    ocpi::test::socket_client stranger(example.endpoint());
    const auto refused = stranger.exchange(
        "GET /ocpi/cpo/2.3.0/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Authorization: Token my-token\r\n\r\n");
    expect(refused.status == 401, "another token is let in");
    expect(example.stop(), "it does not end in peace when asked to");
    return 0;
} catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
}
