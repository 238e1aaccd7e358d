// The test kit in F#: a synchronous test is a function, and what happens at the same time is a
// task. The overloads must be found without a type annotation.

namespace FSharp.Tests

open System
open NUnit.Framework
open Reactor
open Reactor.Http
open Reactor.Http.Testing

[<TestFixture>]
type TestKitTests() =

    static let hello () =
        let app = Application()
        app.Get("/", fun _ -> task {
            do! EventLoop.Delay(TimeSpan.FromSeconds 1.0)
            return Response.Text "hello" })
        |> ignore
        app

    [<Test>]
    member _.A_synchronous_test_is_a_function() =
        TestServer.Run(hello (), fun client ->
            Assert.That(client.Get("/").Text, Is.EqualTo "hello")
            client.Advance(TimeSpan.FromMinutes 30.0))

    [<Test>]
    member _.A_task_runs_on_the_loop() =
        let time = TestServer.Run(hello (), fun client -> task {
            let first = EventLoop.Ensure(client.GetAsync "/")
            use! second = client.GetAsync "/"
            use! both = first
            Assert.That((both.Status, second.Status), Is.EqualTo((200, 200)))
            return client.Server.Time })
        Assert.That(time, Is.EqualTo(TimeSpan.FromSeconds 1.0))

    [<Test>]
    member _.A_task_without_a_result_throws_what_it_threw() =
        Assert.Throws<FormatException>(fun () ->
            TestServer.Run(hello (), fun client -> task {
                do! client.AdvanceAsync(TimeSpan.FromMinutes 30.0)
                raise (FormatException()) })) |> ignore
