' The test kit in Visual Basic: a synchronous test is a Sub, and what happens at the same time is an
' Async Function. The overloads must be found without a type.

Imports NUnit.Framework
Imports Reactor
Imports Reactor.Http
Imports Reactor.Http.Testing

<TestFixture>
Public Class TestKitTests

    <Test>
    Public Sub A_synchronous_test_is_a_Sub()
        TestServer.Run(Hello(),
            Sub(client)
                Assert.That(client.Get("/").Text, [Is].EqualTo("hello"))
                client.Advance(TimeSpan.FromMinutes(30))
            End Sub)
    End Sub

    <Test>
    Public Sub An_Async_Function_runs_on_the_loop()
        Dim time = TestServer.Run(Hello(),
            Async Function(client)
                Dim first = EventLoop.Ensure(client.GetAsync("/"))
                Using second = Await client.GetAsync("/")
                    Using both = Await first
                        Assert.That(both.Status, [Is].EqualTo(second.Status))
                    End Using
                End Using
                Return client.Server.Time
            End Function)
        Assert.That(time, [Is].EqualTo(TimeSpan.FromSeconds(1)))
    End Sub

    <Test>
    Public Sub An_Async_Function_without_a_result_throws_what_it_threw()
        Assert.Throws(Of FormatException)(
            Sub() TestServer.Run(Hello(),
                Async Function(client)
                    Await client.AdvanceAsync(TimeSpan.FromMinutes(30))
                    Throw New FormatException()
                End Function))
    End Sub

    Private Shared Function Hello() As Application
        Dim app As New Application()
        app.Get("/",
            Async Function(request)
                Await EventLoop.Delay(TimeSpan.FromSeconds(1))
                Return Response.Text("hello")
            End Function)
        Return app
    End Function

End Class
